using System.Collections.Immutable;
using NurtureEngine.Core.Intake;
using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Rulebooks;
using NurtureEngine.Core.Tracks;

namespace NurtureEngine.Core.Facts;

/// <summary>An inbox row whose body was read.</summary>
public sealed record InboxEvent(long InboxId, string EventId, CrmEvent Event);

/// <summary>
/// What the events of one lane change, in arrival order: a value that one transaction writes. What they mean to the leads' tracks
/// is in the other part of this class.
/// </summary>
public sealed partial class FactBatch
{
    private readonly Dictionary<ExternalKey, Lead> _leads;
    private readonly Dictionary<ExternalKey, Account> _accounts;
    private readonly HashSet<ExternalKey> _changedLeads = [];
    private readonly HashSet<ExternalKey> _changedAccounts = [];
    private readonly HashSet<ExternalKey> _moved = [];
    private readonly Rulebook _rulebook;

    private FactBatch(KnownFacts known, TrackSet tracks, Rulebook rulebook)
    {
        (Tracks, _rulebook, Live) = (tracks, rulebook, known.Live);
        _leads = known.Leads.ToDictionary(lead => lead.Key);
        _accounts = known.Accounts.ToDictionary(account => account.Key);
    }

    /// <summary>The versions that the leads were in.</summary>
    public ILookup<ExternalKey, TrackVersionId> Live { get; }

    /// <summary>The tracks that were asked; a moved lead that is in another one by now has to be decided on anew.</summary>
    public TrackSet Tracks { get; }

    /// <summary>The dates of a lead, by field; none of a deleted one.</summary>
    public ImmutableDictionary<string, DateTimeOffset> DatesOf(Lead lead) =>
        lead.DeletedAt is null
            ? LeadDates.Of(lead, _rulebook.DefaultZone)
            : ImmutableDictionary<string, DateTimeOffset>.Empty;

    /// <summary>The leads that enter, leave or wait in tracks otherwise than before.</summary>
    public IReadOnlyCollection<ExternalKey> Moved => _moved;

    public IEnumerable<Lead> Leads => _changedLeads.Select(key => _leads[key]);

    public IEnumerable<Account> Accounts => _changedAccounts.Select(key => _accounts[key]);

    public List<(ExternalKey Lead, long InboxId, TimelineEntry Entry)> Timeline { get; } = [];

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

    public List<(long InboxId, FactOutcome.Refused Why)> Refused { get; } = [];

    /// <summary>
    /// Folds the events, in order, over what is known. The batch ends before a lead that moved is heard of again: what a further
    /// event means to it hangs on the tracks that it is then in.
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
            if (batch._moved.Contains(next.Event.Lead))
            {
                break;
            }

            batch.Apply(next, now);
        }

        return batch;
    }

    private void Apply(InboxEvent next, DateTimeOffset now)
    {
        var key = next.Event.Lead;
        var isNew = !_leads.ContainsKey(key);
        var lead = _leads.GetValueOrDefault(key) ?? new Lead { Key = key };
        var account = next.Event.Company is { } company ? _accounts.GetValueOrDefault(company.Key) : null;
        switch (Judge(next.Event) ?? LeadFacts.Apply(lead, account, next.Event, _rulebook, now))
        {
            case FactOutcome.Refused refused:
                Refused.Add((next.InboxId, refused));
                return;
            case FactOutcome.Applied applied:
                if (!isNew && lead.Account != applied.Lead.Account)
                {
                    Rehoused.Add(key);
                }

                _leads[key] = applied.Lead;
                _changedLeads.Add(key);
                if (applied.Account is { } changed)
                {
                    _accounts[changed.Key] = changed;
                    _changedAccounts.Add(changed.Key);
                }

                Timeline.AddRange(applied.Timeline.Select(entry => (key, next.InboxId, entry)));
                Applied.Add(next.InboxId);
                if (next.Event.Feedback is { } feedback)
                {
                    Feedbacks.Add((key, feedback));
                }

                var isFresh = now - next.Event.Stamp.At <= _rulebook.TriggerWithin;
                Follow(lead, applied, next.Event, isFresh);
                Tell(next.Event, isFresh, now);
                if (applied.Lead.DeletedAt is null)
                {
                    Enter(next, lead, applied, isFresh, isNew);
                }

                return;
        }
    }

    // A move that leads nowhere can be replayed once its track is published.
    private FactOutcome.Refused? Judge(CrmEvent judged) =>
        judged.Change?.MoveTo is { } target && Tracks.Current.All(track => track.Track.DefinitionId != target)
            ? new FactOutcome.Refused("track.unknown", target)
            : null;
}
