using NurtureEngine.Core.Cadences;
using NurtureEngine.Core.Tests.Cadences;

namespace NurtureEngine.IntegrationTests.Laws;

/// <summary>What must hold of every message at the moment it leaves, kept by hand beside the engine; the breaches are sentences.</summary>
internal sealed class GateModel
{
    private readonly List<Departure> _departed = [];

    public List<ModelLead> Leads { get; } = [];

    public CadenceRules Cadence { get; set; } = CadenceRules.None;

    public IReadOnlyDictionary<string, HolidayCalendar> Calendars { get; set; } =
        new Dictionary<string, HolidayCalendar>();

    public HashSet<int> PausedTracks { get; } = [];

    public HashSet<string> PausedAccounts { get; } = [];

    public HashSet<Guid> Approved { get; } = [];

    /// <summary>The channels on which nothing may leave.</summary>
    public HashSet<string> Stopped { get; } = [];

    public List<string> Breaches { get; } = [];

    public int Left => _departed.Count;

    public ModelLead LeadOf(long id) => Leads.Single(lead => lead.Id == id);

    /// <summary>A message leaves. What became of it decides whether it counts and whether it may come again.</summary>
    public void Leave(Departure departure)
    {
        var lead = LeadOf(departure.Lead);
        Must(!lead.IsDeleted, "to a lead that is deleted");
        Must(!lead.Refused.Contains(departure.Channel), "without consent");
        Must(!lead.SuppressedOn.Contains(departure.Channel), "to an address that is suppressed");
        Must(lead.Tier != "T1", "to T1 by itself");
        Must(lead.Tier != "T2" || Approved.Contains(departure.Touch), "to T2 without a yes");
        Must(
            !lead.IsPaused && !PausedAccounts.Contains(lead.Account) && !PausedTracks.Contains(departure.Track),
            "in a pause"
        );
        Must(!Stopped.Contains(departure.Channel), "while all is stopped");
        Must(departure.IsEnrolled, "of an enrollment that is over");
        Must(
            _departed.TrueForAll(past => past.Touch != departure.Touch || past.Outcome == Outcome.Deferred),
            "a second time"
        );
        Must(
            !departure.SkipsRepeats
                || _departed.TrueForAll(past =>
                    past.Lead != lead.Id || past.Content != departure.Content || !past.Counts
                ),
            "with a content that the lead has had"
        );
        Must(SlowCadence.IsAllowed(Cadence, ViewOf(lead, departure), departure.At), "against the cadence");
        Must(
            !departure.IsBehind(Cadence) || Cadence is { Caps: [], MinGap.Ticks: 0, IsOneVoice: false },
            "before something more urgent"
        );
        _departed.Add(departure);

        void Must(bool holds, string how)
        {
            if (!holds)
            {
                Breaches.Add($"{departure.Content} left {how}: lead {lead.Id} at {departure.At:O}");
            }
        }
    }

    private CadenceView ViewOf(ModelLead lead, Departure departure) =>
        new()
        {
            Zone = Zones.Find(lead.Zone)!,
            Calendar = Calendars.GetValueOrDefault(
                CountryZones.CountryOf(Zones.Find(lead.Zone)!) ?? "",
                HolidayCalendar.None
            ),
            Track = departure.Track,
            OfLead = Past(past => LeadOf(past.Lead).SharesAddressWith(lead)),
            OfAccount = Past(past => LeadOf(past.Lead).Account == lead.Account),
        };

    private System.Collections.Immutable.ImmutableArray<PastTouch> Past(Predicate<Departure> isCounted) =>
        [
            .. _departed
                .FindAll(past => past.Counts && isCounted(past))
                .Select(past => new PastTouch(past.At, past.Track)),
        ];
}

internal sealed record ModelLead(
    long Id,
    string Key,
    string Address,
    string Phone,
    string Account,
    string Tier,
    string Zone
)
{
    /// <summary>The channels on which the lead wants no marketing.</summary>
    public HashSet<string> Refused { get; } = [];

    /// <summary>The channels on which their address is suppressed.</summary>
    public HashSet<string> SuppressedOn { get; } = [];

    public bool IsDeleted { get; set; }

    public bool IsPaused { get; set; }

    public string AddressOn(string channel) => channel == "email" ? Address : Phone;

    public bool SharesAddressWith(ModelLead other) => Address == other.Address || Phone == other.Phone;
}

internal sealed record Departure(
    Guid Touch,
    long Lead,
    int Track,
    string Channel,
    string Content,
    bool SkipsRepeats,
    bool IsEnrolled,
    bool IsBehindOfLead,
    bool IsBehindOfAccount,
    DateTimeOffset At,
    Outcome Outcome
)
{
    /// <summary>Whether something more urgent was about to leave; for the account where the cadence counts accounts.</summary>
    public bool IsBehind(CadenceRules cadence) =>
        IsBehindOfLead
        || (IsBehindOfAccount && (cadence.IsOneVoice || cadence.Caps.Any(cap => cap.Scope == CapScope.Account)));

    public bool Counts => Outcome is Outcome.Accepted or Outcome.Uncertain;
}

internal enum Outcome
{
    Accepted,
    Rejected,
    Deferred,
    Uncertain,
}
