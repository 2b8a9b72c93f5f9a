using System.Collections.Immutable;
using NurtureEngine.Core.Handoffs;
using NurtureEngine.Core.Intake;
using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Tracks;
using NurtureEngine.Core.Tracks.Running;

namespace NurtureEngine.Core.Facts;

/// <summary>What events mean to the tracks that leads are in, and to those that they enter.</summary>
public sealed partial class FactBatch
{
    private void Tell(CrmEvent told, bool isFresh, DateTimeOffset now)
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
                        Visit = change.Visit,
                    },
                    null,
                    change.Enrollment
                )
            );
        }
        else if (isFresh)
        {
            var signal = new Signal(told.Type, now) { Name = told.Activity?.Name };
            Signals.Add(new SignalFor(told.Lead, signal, told.Activity?.Touch, null));
        }
    }

    private void Follow(Lead before, FactOutcome.Applied applied, CrmEvent done, bool isFresh)
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

        if (done.Feedback is { IsRefusal: true } refusal)
        {
            _moved.Add(key);
            Exits.Add(new TrackExit(key, Version: null, $"lead.{refusal.Word}"));
            return;
        }

        var live = Live[key].ToHashSet();
        foreach (var track in Tracks.All.Where(track => live.Contains(track.Version)))
        {
            var byStage = track.Track.StageExit(applied.Moves, _rulebook);
            var code =
                byStage
                ?? (
                    track.Track.EndsAtHandoff(done)
                        ? "lead.handed_off"
                        : track.Track.ExitFor(ValuesFor(track.Track, applied.Lead), isFresh ? done : null)
                );
            if (code is not null)
            {
                var stage = byStage is null ? null : track.Track.LeftBy(applied.Moves)?.Stage.Stage;
                Exits.Add(new TrackExit(key, track.Version, code, stage));
                _moved.Add(key);
            }
            else if (track.Track.PausesAtHandoff(done))
            {
                Held.Add((key, track.Version));
                _moved.Add(key);
            }
            else if (track.Track.YieldsTo(done))
            {
                Yielding.Add((key, track.Version));
            }
        }

        if (done.Change?.Handoff is HandoffOutcome.Rejected or HandoffOutcome.Recycled)
        {
            Returned.Add(key);
            _moved.Add(key);
        }

        if (applied.Move is not null || done.Change?.FreesLane == true)
        {
            _moved.Add(key);
        }
    }

    // By what the lead is at this moment: a condition over the lead sees the very event that triggers.
    private void Enter(
        InboxEvent next,
        CrmEvent told,
        Lead before,
        FactOutcome.Applied applied,
        bool isFresh,
        bool isNew
    )
    {
        foreach (var published in Tracks.Current)
        {
            var track = published.Track;
            var trigger =
                applied.Moves.Any(track.IsLeftBy) ? null
                : told.Change?.MoveTo == track.DefinitionId ? track.First
                : told.Moment is { } moment ? track.TriggeredAt(moment, applied.Lead, _rulebook)
                : isFresh ? track.TriggeredBy(told, applied, before, isNew)
                : null;
            if (trigger is null)
            {
                continue;
            }

            if (!track.Admits(ValuesFor(track, applied.Lead)))
            {
                Decline(next, told, track);
                continue;
            }

            var cause = $"{next.Source}/{next.EventId}";
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

    // Of whom a track has sent on, or sales has sent to this one, somebody will ask; of all whom an event did not concern, nobody.
    private void Decline(InboxEvent sent, CrmEvent told, Track track)
    {
        if (told.Change?.MoveTo == track.DefinitionId)
        {
            var arguments = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
            Timeline.Add(
                (
                    told.Lead,
                    sent.InboxId,
                    sent.Source,
                    new TimelineEntry(
                        "enrollment.declined",
                        told.Stamp.At,
                        arguments.Add("code", "audience.not_met").Add("track", track.DefinitionId)
                    )
                )
            );
        }
    }

    private RunValues ValuesFor(Track track, Lead lead) => new(lead, AccountOf(lead), _rulebook, track.Settings.Sender);
}
