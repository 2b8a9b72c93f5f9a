using System.Collections.Immutable;
using NurtureEngine.Core.Handoffs;
using NurtureEngine.Core.Intake;
using NurtureEngine.Core.Rulebooks;
using NurtureEngine.Core.Tracks;
using NurtureEngine.Core.Tracks.Running;

namespace NurtureEngine.Core.Leads;

/// <summary>An inbox row whose body was read.</summary>
public sealed record InboxEvent(long InboxId, string EventId, CrmEvent Event);

/// <summary>
/// What the events of one lane change, in arrival order: a value that one transaction writes. A batch ends before a lead
/// would move, or do something, after it has moved, so that entering and leaving tracks and signals never overtake each other.
/// </summary>
public sealed class FactBatch
{
    private readonly Dictionary<ExternalKey, Lead> _leads;
    private readonly Dictionary<ExternalKey, Account> _accounts;
    private readonly HashSet<ExternalKey> _changedLeads = [];
    private readonly HashSet<ExternalKey> _changedAccounts = [];
    private readonly HashSet<ExternalKey> _moved = [];
    private readonly Rulebook _rulebook;

    private FactBatch(IEnumerable<Lead> leads, IEnumerable<Account> accounts, TrackSet tracks, Rulebook rulebook)
    {
        (Tracks, _rulebook) = (tracks, rulebook);
        _leads = leads.ToDictionary(lead => lead.Key);
        _accounts = accounts.ToDictionary(account => account.Key);
    }

    /// <summary>The tracks that were asked; a moved lead that is in another one by now has to be decided on anew.</summary>
    public TrackSet Tracks { get; }

    /// <summary>The dates of a lead, by field; none of a deleted one.</summary>
    public ImmutableDictionary<string, DateTimeOffset> DatesOf(Lead lead) =>
        lead.DeletedAt is null
            ? LeadDates.Of(lead, _rulebook.DefaultZone)
            : ImmutableDictionary<string, DateTimeOffset>.Empty;

    /// <summary>The leads that changed their stage or were deleted.</summary>
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

    /// <summary>The leads that sales has given back.</summary>
    public List<ExternalKey> Returned { get; } = [];

    public List<long> Applied { get; } = [];

    public List<(long InboxId, FactOutcome.Refused Why)> Refused { get; } = [];

    /// <summary>
    /// Folds the events, in order, over what is known of their leads and accounts: the accounts that events name, and those
    /// that the leads have.
    /// </summary>
    public static FactBatch Fold(
        IEnumerable<InboxEvent> events,
        IEnumerable<Lead> leads,
        IEnumerable<Account> accounts,
        TrackSet tracks,
        Rulebook rulebook,
        DateTimeOffset now
    )
    {
        var batch = new FactBatch(leads, accounts, tracks, rulebook);
        foreach (var next in events)
        {
            var moves =
                next.Event.Stage is not null
                || next.Event.Activity is not null
                || next.Event.IsOwn
                || next.Event.Type == EventTypes.Deleted;
            if (moves && batch._moved.Contains(next.Event.Lead))
            {
                break;
            }

            batch.Apply(next, rulebook, now);
        }

        return batch;
    }

    private void Apply(InboxEvent next, Rulebook rulebook, DateTimeOffset now)
    {
        var key = next.Event.Lead;
        var isNew = !_leads.ContainsKey(key);
        var lead = _leads.GetValueOrDefault(key) ?? new Lead { Key = key };
        var account = next.Event.Company is { } company ? _accounts.GetValueOrDefault(company.Key) : null;
        switch (Judge(next.Event) ?? LeadFacts.Apply(lead, account, next.Event, rulebook, now))
        {
            case FactOutcome.Refused refused:
                Refused.Add((next.InboxId, refused));
                return;
            case FactOutcome.Applied applied:
                _leads[key] = applied.Lead;
                _changedLeads.Add(key);
                if (applied.Account is { } changed)
                {
                    _accounts[changed.Key] = changed;
                    _changedAccounts.Add(changed.Key);
                }

                Timeline.AddRange(applied.Timeline.Select(entry => (key, next.InboxId, entry)));
                Applied.Add(next.InboxId);
                Follow(lead, applied, next.Event, rulebook);
                Tell(next.Event, now);
                if (applied.Lead.DeletedAt is null)
                {
                    var isFresh = now - next.Event.Stamp.At <= rulebook.TriggerWithin;
                    Enter(next, lead, applied, isFresh, isNew, rulebook);
                }

                return;
        }
    }

    // A move that leads nowhere can be replayed once its track is published.
    private FactOutcome.Refused? Judge(CrmEvent judged) =>
        judged.Change?.MoveTo is { } target && Tracks.Current.All(track => track.Track.DefinitionId != target)
            ? new FactOutcome.Refused("track.unknown", target)
            : null;

    private void Tell(CrmEvent told, DateTimeOffset now)
    {
        if (told.Change is { } change)
        {
            Signals.Add(
                new SignalFor(
                    told.Lead,
                    new Signal(
                        change.Handoff is { } outcome ? HandoffOutcome.SignalOf(outcome) : LeadChange.Applied,
                        now
                    )
                    {
                        Step = change.Step,
                    },
                    null,
                    change.Enrollment
                )
            );
        }
        else if (now - told.Stamp.At <= _rulebook.TriggerWithin)
        {
            var signal = new Signal(told.Type, now) { Name = told.Activity?.Name };
            Signals.Add(new SignalFor(told.Lead, signal, told.Activity?.Touch, null));
        }
    }

    private void Follow(Lead before, FactOutcome.Applied applied, CrmEvent done, Rulebook rulebook)
    {
        var key = applied.Lead.Key;
        if (applied.Lead.DeletedAt is not null)
        {
            if (before.DeletedAt is null)
            {
                _moved.Add(key);
                Exits.Add(new TrackExit(key, Version: null, "lead.deleted"));
            }

            return;
        }

        foreach (var track in Tracks.All)
        {
            var code =
                applied.Move is { } move && track.Track.IsLeftBy(move) ? "stage.left"
                : track.Track.EndsAtHandoff(done) ? "lead.handed_off"
                : track.Track.ExitFor(ValuesFor(track.Track, applied.Lead, rulebook), done);
            if (code is not null)
            {
                Exits.Add(new TrackExit(key, track.Version, code));
                _moved.Add(key);
            }
            else if (track.Track.PausesAtHandoff(done))
            {
                Held.Add((key, track.Version));
                _moved.Add(key);
            }
        }

        if (done.Change?.Handoff is HandoffOutcome.Rejected or HandoffOutcome.Recycled)
        {
            Returned.Add(key);
            _moved.Add(key);
        }

        if (applied.Move is not null)
        {
            _moved.Add(key);
        }
    }

    // By what the lead is at this moment: a condition over the lead sees the very event that triggers.
    private void Enter(
        InboxEvent next,
        Lead before,
        FactOutcome.Applied applied,
        bool isFresh,
        bool isNew,
        Rulebook rulebook
    )
    {
        foreach (var published in Tracks.Current)
        {
            var track = published.Track;
            var trigger =
                applied.Move is { } move && track.IsLeftBy(move) ? null
                : applied.Move is { } to && track.TriggeredBy(to) is { } byStage ? byStage
                : next.Event.Change?.MoveTo == track.DefinitionId ? track.First
                : next.Event.Moment is { } moment ? track.TriggeredAt(moment, applied.Lead, rulebook)
                : !isFresh ? null
                : track.TriggeredBy(next.Event, before, applied.Lead) is { } byEvent ? byEvent
                : isNew ? track.TriggeredByCreation
                : null;
            if (trigger is null || !MayEnter(track, ValuesFor(track, applied.Lead, rulebook)))
            {
                continue;
            }

            var cause = $"{next.Event.Lead.Source}/{next.EventId}";
            Enrollments.Add(
                new NewEnrollment(
                    applied.Lead.Key,
                    published.TrackId,
                    published.Version,
                    track.Settings.ReEnrolment == ReEnrolment.Once ? "once" : cause,
                    cause,
                    Standing.At(track.Root, trigger.Id)
                )
            );
            _moved.Add(applied.Lead.Key);
        }
    }

    // What can't be told lets nobody in.
    private static bool MayEnter(Track track, RunValues lead) =>
        (track.Settings.Audience is not { } audience || audience.Holds(lead.Model, RunValues.Culture, out _) == true)
        && track.ExitFor(lead, done: null) is null;

    private RunValues ValuesFor(Track track, Lead lead, Rulebook rulebook) =>
        new(lead, lead.Account is { } key ? _accounts.GetValueOrDefault(key) : null, rulebook, track.Settings.Sender);
}

/// <summary>A lead's way into a track; the store enrolls it once per occasion and never twice at a time.</summary>
public sealed record NewEnrollment(
    ExternalKey Lead,
    int TrackId,
    TrackVersionId Version,
    string Occasion,
    string Cause,
    Standing Standing
);

/// <summary>A lead's way out of a track version, or (null) out of all.</summary>
public sealed record TrackExit(ExternalKey Lead, TrackVersionId? Version, string Code);

/// <summary>
/// A signal to the enrollments of a lead: all of them, that of a touch of the engine that it answers, or a given one.
/// </summary>
public sealed record SignalFor(ExternalKey Lead, Signal Signal, Guid? Touch, EnrollmentId? Enrollment);
