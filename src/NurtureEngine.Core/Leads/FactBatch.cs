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

    private FactBatch(IEnumerable<Lead> leads, IEnumerable<Account> accounts, TrackSet tracks)
    {
        Tracks = tracks;
        _leads = leads.ToDictionary(lead => lead.Key);
        _accounts = accounts.ToDictionary(account => account.Key);
    }

    /// <summary>The tracks that were asked; a moved lead that is in another one by now has to be decided on anew.</summary>
    public TrackSet Tracks { get; }

    /// <summary>The leads that changed their stage or were deleted.</summary>
    public IReadOnlyCollection<ExternalKey> Moved => _moved;

    public IEnumerable<Lead> Leads => _changedLeads.Select(key => _leads[key]);

    public IEnumerable<Account> Accounts => _changedAccounts.Select(key => _accounts[key]);

    public List<(ExternalKey Lead, long InboxId, TimelineEntry Entry)> Timeline { get; } = [];

    public List<NewEnrollment> Enrollments { get; } = [];

    public List<TrackExit> Exits { get; } = [];

    /// <summary>What leads did, for the enrollments that wait for it; with the touch that it answers.</summary>
    public List<(ExternalKey Lead, Signal Signal, Guid? Touch)> Signals { get; } = [];

    public List<long> Applied { get; } = [];

    public List<(long InboxId, FactOutcome.Refused Why)> Refused { get; } = [];

    /// <summary>Folds the events, in order, over what is known of their leads and accounts.</summary>
    public static FactBatch Fold(
        IEnumerable<InboxEvent> events,
        IEnumerable<Lead> leads,
        IEnumerable<Account> accounts,
        TrackSet tracks,
        Rulebook rulebook,
        DateTimeOffset now
    )
    {
        var batch = new FactBatch(leads, accounts, tracks);
        foreach (var next in events)
        {
            var moves =
                next.Event.Stage is not null
                || next.Event.Activity is not null
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
        switch (LeadFacts.Apply(lead, account, next.Event, rulebook, now))
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
                Follow(lead, applied);
                if (applied.Lead.DeletedAt is null)
                {
                    var isFresh = now - next.Event.Stamp.At <= rulebook.TriggerWithin;
                    if (isFresh)
                    {
                        Signals.Add(
                            (
                                key,
                                new Signal(next.Event.Type, now) { Name = next.Event.Activity?.Name },
                                next.Event.Activity?.Touch
                            )
                        );
                    }

                    Enter(next, applied, isFresh, isNew, rulebook);
                }

                return;
        }
    }

    private void Follow(Lead before, FactOutcome.Applied applied)
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

        if (applied.Move is not { } move)
        {
            return;
        }

        _moved.Add(key);
        Exits.AddRange(
            Tracks
                .All.Where(track => track.Track.IsLeftBy(move))
                .Select(track => new TrackExit(key, track.Version, "stage.left"))
        );
    }

    // By what the lead is at this moment: a condition over the lead sees the very event that triggers.
    private void Enter(InboxEvent next, FactOutcome.Applied applied, bool isFresh, bool isNew, Rulebook rulebook)
    {
        foreach (var published in Tracks.Current)
        {
            var track = published.Track;
            var trigger =
                applied.Move is { } move && track.IsLeftBy(move) ? null
                : applied.Move is { } to && track.TriggeredBy(to) is { } byStage ? byStage
                : !isFresh ? null
                : track.TriggeredBy(next.Event) is { } byEvent ? byEvent
                : isNew ? track.TriggeredByCreation
                : null;
            if (trigger is null || !IsInAudience(track, applied, rulebook))
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
    private static bool IsInAudience(Track track, FactOutcome.Applied applied, Rulebook rulebook) =>
        track.Settings.Audience is not { } audience
        || audience.Holds(
            new RunValues(applied.Lead, applied.Account, rulebook, track.Settings.Sender).Model,
            RunValues.Culture,
            out _
        ) == true;
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
