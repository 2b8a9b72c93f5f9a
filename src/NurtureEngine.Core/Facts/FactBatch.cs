using System.Collections.Immutable;
using NurtureEngine.Core.Intake;
using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Rulebooks;
using NurtureEngine.Core.Tracks;

namespace NurtureEngine.Core.Facts;

/// <summary>An inbox row whose body was read.</summary>
/// <param name="InboxId">The row; null of what did not come by the inbox.</param>
/// <param name="Source">Who sent it.</param>
/// <param name="EventId">What the sender calls it.</param>
/// <param name="Event">What it says.</param>
public sealed record InboxEvent(long? InboxId, string Source, string EventId, IntakeEvent Event);

/// <summary>
/// What the events of one lane change, in arrival order: a value that one transaction writes. What they mean to companies and
/// opportunities, and to the leads' tracks, is in the other parts of this class.
/// </summary>
public sealed partial class FactBatch
{
    private readonly Dictionary<ExternalKey, Lead> _before;
    private readonly Dictionary<ExternalKey, Lead> _leads;
    private readonly HashSet<ExternalKey> _changedLeads = [];
    private readonly HashSet<ExternalKey> _moved = [];
    private readonly Dictionary<ExternalKey, List<SeenActivity>> _seen = [];
    private readonly KnownFacts _known;
    private readonly Rulebook _rulebook;

    private FactBatch(KnownFacts known, TrackSet tracks, Rulebook rulebook)
    {
        (Tracks, _rulebook, _known) = (tracks, rulebook, known);
        _before = known.Leads.ToDictionary(lead => lead.Key);
        _leads = new Dictionary<ExternalKey, Lead>(_before);
        _accounts = known.Accounts.ToDictionary(account => account.Key);
        _opportunities = known.Opportunities.ToDictionary(opportunity => opportunity.Key);
    }

    /// <summary>The versions that the leads were in.</summary>
    public ILookup<ExternalKey, TrackVersionId> Live => _known.Live;

    /// <summary>The versions among these that were set aside for another one of their lane.</summary>
    public IReadOnlySet<(ExternalKey Lead, TrackVersionId Version)> Aside => _known.Aside;

    /// <summary>The tracks that were asked; a moved lead that is in another one by now has to be decided on anew.</summary>
    public TrackSet Tracks { get; }

    /// <summary>The dates of a lead, by field; none of a deleted one.</summary>
    public ImmutableDictionary<string, DateTimeOffset> DatesOf(Lead lead) =>
        lead.DeletedAt is null
            ? LeadDates.Of(lead, _rulebook.DefaultZone)
            : ImmutableDictionary<string, DateTimeOffset>.Empty;

    /// <summary>The leads that enter, leave or wait in tracks otherwise than before.</summary>
    public IReadOnlyCollection<ExternalKey> Moved => _moved;

    /// <summary>A lead as it was before the batch; null where it is new.</summary>
    public Lead? Before(ExternalKey lead) => _before.GetValueOrDefault(lead);

    public IEnumerable<Lead> Leads => _changedLeads.Select(key => _leads[key]);

    /// <summary>The further names by which leads are known from now on, each with the first name of its lead.</summary>
    public NewNames NewLeadNames { get; } = new();

    public List<(ExternalKey Lead, long? InboxId, string Source, TimelineEntry Entry)> Timeline { get; } = [];

    public List<(ExternalKey Lead, StageMove Move)> StageMoves { get; } = [];

    public List<NewEnrollment> Enrollments { get; } = [];

    public List<TrackExit> Exits { get; } = [];

    /// <summary>What happened, for the enrollments that wait for it.</summary>
    public List<SignalFor> Signals { get; } = [];

    /// <summary>The tracks that pause while sales has the lead.</summary>
    public List<(ExternalKey Lead, TrackVersionId Version)> Held { get; } = [];

    /// <summary>The enrollments that make way in their lane, since sales has given back the lead that they handed over.</summary>
    public List<(ExternalKey Lead, TrackVersionId Version)> Yielding { get; } = [];

    /// <summary>The leads that belong to another account now.</summary>
    public List<ExternalKey> Rehoused { get; } = [];

    /// <summary>The leads that sales has given back.</summary>
    public List<ExternalKey> Returned { get; } = [];

    /// <summary>What became of touches.</summary>
    public List<(ExternalKey Lead, Feedback Feedback)> Feedbacks { get; } = [];

    public List<long> Applied { get; } = [];

    public List<(InboxEvent Event, FactOutcome.Refused Why)> Refused { get; } = [];

    /// <summary>What became of rows of a file.</summary>
    public ImportCount Imported { get; private set; }

    /// <summary>How many of the events were gone through.</summary>
    public int Count { get; private set; }

    /// <summary>
    /// Folds the events, in order, over what is known. The batch ends before a lead that moved is heard of again, since what a further
    /// event means to it hangs on the tracks that it is then in; and before leads are merged, which is a transaction of its own.
    /// </summary>
    public static FactBatch Fold(
        IEnumerable<InboxEvent> events,
        KnownFacts known,
        TrackSet tracks,
        Rulebook rulebook,
        DateTimeOffset now
    )
    {
        var batch = new FactBatch(known, tracks, rulebook);
        foreach (var next in events)
        {
            if (batch.GivesSecondName(next.Event))
            {
                break;
            }

            if (next.Event is RecordEvent record)
            {
                batch.Apply(next, record, now);
            }
            else if (next.Event is CrmEvent { Merged.IsEmpty: true } told && !batch._moved.Contains(batch.KeyOf(told)))
            {
                batch.Apply(next, told, now);
            }
            else
            {
                break;
            }

            batch.Count++;
        }

        return batch;
    }

    // Who was found by address or domain is known by a name from then on: another of the same source is somebody else, which the next
    // batch sees.
    private bool GivesSecondName(IntakeEvent told) =>
        told is CrmEvent { Lead: var lead } && NewLeadNames.IsSecond(lead, _known.LeadNames)
        || told.Company is { } company && NewAccountNames.IsSecond(company.Key, _known.AccountNames);

    /// <summary>What an event that makes one lead of several says of the one who stays; the rest is no matter of facts.</summary>
    public static FactBatch OfMerge(
        InboxEvent next,
        CrmEvent told,
        KnownFacts known,
        TrackSet tracks,
        Rulebook rulebook,
        DateTimeOffset now
    )
    {
        var batch = new FactBatch(known, tracks, rulebook);
        batch.Apply(next, told, now);
        return batch;
    }
}
