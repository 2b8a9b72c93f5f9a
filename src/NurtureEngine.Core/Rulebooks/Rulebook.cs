using System.Collections.Immutable;
using NodaTime;
using NurtureEngine.Core.Cadences;
using NurtureEngine.Core.Leads;

namespace NurtureEngine.Core.Rulebooks;

/// <summary>The marketing settings in force. Verdicts cite <see cref="Version"/>.</summary>
public sealed record Rulebook
{
    public int Version { get; init; }

    /// <summary>The life cycles, the first being the one that an event without a life cycle speaks of.</summary>
    public required ImmutableArray<LifeCycle> LifeCycles { get; init; }

    /// <summary>The senders by name; <c>default</c> is always among them.</summary>
    public required ImmutableSortedDictionary<string, Sender> Senders { get; init; }

    /// <summary>The tier of an account that has none.</summary>
    public Tier DefaultTier { get; init; } = Tier.T3;

    /// <summary>Whether marketing needs a granted consent; where false, only a withdrawn one stops a touch.</summary>
    public bool ConsentRequired { get; init; } = true;

    /// <summary>How long a touch may wait for a person's yes before it expires.</summary>
    public TimeSpan ApprovalExpiresAfter { get; init; } = TimeSpan.FromDays(14);

    /// <summary>Events older than this still update a lead and never trigger a track.</summary>
    public TimeSpan TriggerWithin { get; init; } = TimeSpan.FromHours(24);

    /// <summary>The language of a lead that has none, as an IETF tag.</summary>
    public string DefaultLanguage { get; init; } = "en";

    /// <summary>The time zone of a lead that has none, or one that is not known.</summary>
    public DateTimeZone DefaultZone { get; init; } = DateTimeZone.Utc;

    /// <summary>When leads may be touched, whatever the track.</summary>
    public CadenceRules Cadence { get; init; } = CadenceRules.None;

    /// <summary>Holidays and make-up days by country.</summary>
    public ImmutableSortedDictionary<string, HolidayCalendar> Calendars { get; init; } =
        ImmutableSortedDictionary.Create<string, HolidayCalendar>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Zones by country, for those where another is meant than <see cref="CountryZones"/> has.</summary>
    public ImmutableSortedDictionary<string, DateTimeZone> Zones { get; init; } =
        ImmutableSortedDictionary.Create<string, DateTimeZone>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether and whose openings and clicks are counted.</summary>
    public Tracking Tracking { get; init; } = Tracking.All;

    /// <summary>The criteria of qualification, such as those of BANT; evidence is given for these.</summary>
    public ImmutableArray<string> Criteria { get; init; } = ["Budget", "Authority", "Need", "Timeline"];

    /// <summary>Which role a title speaks of; the first that matches holds.</summary>
    public ImmutableArray<RoleRule> Roles { get; init; } = [];

    /// <summary>The custom fields whose values are checked, by name; others may hold anything.</summary>
    public ImmutableSortedDictionary<string, CustomField> CustomFields { get; init; } =
        ImmutableSortedDictionary.Create<string, CustomField>(StringComparer.Ordinal);

    /// <summary>The business dictionary, beside the definitions of the stages.</summary>
    public ImmutableArray<Term> Dictionary { get; init; } = [];

    /// <summary>Two systems that report the same activity of a lead within this time speak of one and the same.</summary>
    public TimeSpan SameWithin { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>What is asked of a track before it is published.</summary>
    public PublishingRules Publishing { get; init; } = new();

    /// <summary>What HubSpot's words mean.</summary>
    public HubSpotMap HubSpot { get; init; } = new();

    /// <summary>The role that a title speaks of; null where no rule matches.</summary>
    public string? RoleOf(string? title) =>
        title is null ? null : Roles.FirstOrDefault(rule => rule.Matches(title))?.Role;

    /// <summary>Whether what was sent to a lead's colleagues matters.</summary>
    public bool CountsAccounts => Cadence.IsOneVoice || Cadence.Caps.Any(cap => cap.Scope == CapScope.Account);

    /// <summary>The zone whose clock a lead lives by: their own, else their country's, else the default one.</summary>
    public DateTimeZone ZoneOf(Lead lead) =>
        Core.Cadences.Zones.Find(lead.Fields[Fields.TimeZone])
        ?? (
            lead.Fields[Fields.Country] is { } country
                ? Zones.GetValueOrDefault(country) ?? CountryZones.Find(country)
                : null
        )
        ?? DefaultZone;

    /// <summary>The holidays of a lead's country, or of the one by whose clock they live; none where it has no calendar.</summary>
    public HolidayCalendar CalendarOf(Lead lead) =>
        (
            lead.Fields[Fields.Country]
            ?? (
                Core.Cadences.Zones.Find(lead.Fields[Fields.TimeZone]) is { } zone ? CountryZones.CountryOf(zone) : null
            )
        )
            is { } country
            ? Calendars.GetValueOrDefault(country) ?? HolidayCalendar.None
            : HolidayCalendar.None;

    /// <summary>A sender by name; one that the rulebook has lost is stood in for by the default one.</summary>
    public Sender SenderFor(string name) => Senders.GetValueOrDefault(name) ?? Senders["default"];

    /// <summary>A life cycle by name; the default one for null; null where there is none of that name.</summary>
    public LifeCycle? FindLifeCycle(string? name) =>
        name is null
            ? LifeCycles[0]
            : LifeCycles.FirstOrDefault(cycle => string.Equals(cycle.Name, name, StringComparison.OrdinalIgnoreCase));
}
