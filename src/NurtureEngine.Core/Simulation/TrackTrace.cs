using NurtureEngine.Core.Contents;
using NurtureEngine.Core.Facts;
using NurtureEngine.Core.Intake;
using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Rulebooks;
using NurtureEngine.Core.Touches;
using NurtureEngine.Core.Tracks;
using NurtureEngine.Core.Tracks.Activities.Elsa;
using NurtureEngine.Core.Tracks.Running;

namespace NurtureEngine.Core.Simulation;

/// <summary>
/// Runs one lead through one track with the engine's own rules, stepping from one moment at which something happens to the
/// next. Every touch counts as delivered when it is due: consent, tier and caps are the gate's, which is not asked.
/// </summary>
public sealed class TrackTrace
{
    /// <summary>How many lines are told at most: a track may go round for ever.</summary>
    public const int MostLines = 2_000;

    private readonly Track _track;
    private readonly Rulebook _rulebook;
    private readonly Pools _pools;
    private readonly bool _isUnknown;
    private readonly bool _entersOnce;
    private readonly HashSet<string> _had;
    private readonly Dictionary<TouchId, PlannedTouch> _touches = [];
    private readonly Queue<CrmEvent> _events;
    private readonly List<TraceLine> _lines = [];
    private Lead _lead;
    private Account? _account;
    private Enrollment? _enrollment;
    private DateTimeOffset _now;
    private bool _hasHappened;

    private TrackTrace(Track track, TraceScene scene, IEnumerable<CrmEvent> events)
    {
        (_track, _rulebook, _pools) = (track, scene.Rulebook, scene.Pools);
        (_lead, _account, _isUnknown) = (scene.Lead, scene.Account, scene.IsUnknown);
        (_entersOnce, _had) = (scene.EntersAtOnce, [.. scene.Had]);
        _events = new Queue<CrmEvent>(events.OrderBy(crmEvent => crmEvent.Stamp.At));
    }

    /// <summary>
    /// What happens from <paramref name="start"/> on for as long as <paramref name="horizon"/>, in order. Without events the
    /// lead enters at the track's first trigger; with events, where one of them triggers it.
    /// </summary>
    public static IReadOnlyList<TraceLine> Run(
        Track track,
        TraceScene scene,
        IReadOnlyCollection<CrmEvent> events,
        DateTimeOffset start,
        TimeSpan horizon
    )
    {
        var trace = new TrackTrace(track, scene, events) { _now = start };
        if ((events.Count == 0 || scene.EntersAtOnce) && track.Steps[track.Root] is Flowchart { First: { } trigger })
        {
            trace.Enroll(trigger);
        }

        trace.RunUntil(start + horizon);
        return trace._lines;
    }

    private RunValues Values =>
        new(_lead, _account, _rulebook, _track.Settings.Sender)
        {
            Pools = _pools,
            Had = _had,
            TellsWays = _entersOnce,
        };

    private void RunUntil(DateTimeOffset end)
    {
        while (true)
        {
            var due = Open.Select(touch => (DateTimeOffset?)touch.DueAt).Append(_enrollment?.DueAt(_now)).Min();
            var happens = _events.TryPeek(out var next) ? next.Stamp.At : (DateTimeOffset?)null;
            if (IsFull || (due is null && happens is null))
            {
                AddEnd(IsFull ? "long" : "waits");
                return;
            }

            var moment = due < happens || happens is null ? due!.Value : happens.Value;
            if (moment > end)
            {
                AddEnd("year");
                return;
            }

            _now = moment > _now ? moment : _now;
            if (happens <= _now)
            {
                Happen(_events.Dequeue());
            }
            else
            {
                if (Deliver() is { } left)
                {
                    Advance(left);
                }

                if (_enrollment?.DueAt(_now) <= _now)
                {
                    Advance(Stimulus.None);
                }
            }
        }
    }

    private void Happen(CrmEvent crmEvent)
    {
        switch (LeadFacts.Apply(_lead, _account, crmEvent, _rulebook, _now))
        {
            case FactOutcome.Refused refused:
                _lines.Add(
                    Line("refused", $"{refused.Code} {refused.Argument}".TrimEnd()) with
                    {
                        Code = refused.Code,
                        Argument = refused.Argument,
                    }
                );
                break;
            case FactOutcome.Applied applied:
                var before = _lead;
                (_lead, _account) = (applied.Lead, applied.Account);
                _lines.Add(
                    Line(
                        "event",
                        $"{crmEvent.Type} {applied.Move?.Stage.Stage}{crmEvent.Activity?.Name}".TrimEnd()
                    ) with
                    {
                        Code = crmEvent.Type,
                        Argument = applied.Move?.Stage.Stage,
                    }
                );
                Follow(crmEvent, before, applied);
                break;
        }
    }

    private void Follow(CrmEvent crmEvent, Lead before, FactOutcome.Applied applied)
    {
        var isGone = applied.Lead.DeletedAt is not null;
        // The lead that the trace begins with is known to it, not to the CRM that fires the first event.
        var isNew = !_hasHappened && (crmEvent.Type == EventTypes.Created || _isUnknown || before.ActiveAt is null);
        _hasHappened = true;
        var exit = isGone
            ? "lead.deleted"
            : _track.StageExit(applied.Moves, _rulebook) ?? _track.ExitFor(Values, crmEvent);
        if (_enrollment is not null && exit is not null)
        {
            AddExit(exit, applied.Move?.Stage.Stage);
            _enrollment = null;
        }
        else if (_enrollment is not null)
        {
            Advance(Stimulus.Of(new Signal(crmEvent.Type, _now) { Name = crmEvent.Activity?.Name }));
        }
        else if (!_entersOnce && exit is null && _track.TriggeredBy(crmEvent, applied, before, isNew) is { } trigger)
        {
            if (_track.Admits(Values))
            {
                Enroll(trigger.Id);
            }
            else
            {
                Add("declined", "not of the audience");
            }
        }
    }

    private void Enroll(StepId trigger)
    {
        Add("enrolled", _track.Name);
        _enrollment = new Enrollment(new EnrollmentId(1), EnrollmentState.Active, Standing.At(_track.Root, trigger))
        {
            EnteredAt = _now,
        };
    }

    // What follows at the same moment is taken one after the other: a track may go round without a wait.
    private void Advance(Stimulus first)
    {
        var stimuli = new Queue<Stimulus>([first]);
        while (_enrollment is not null && !IsFull && stimuli.TryDequeue(out var stimulus))
        {
            var turn = TrackRunner.Advance(_track, _enrollment, Values, stimulus, _now);
            foreach (var decision in turn.Decisions)
            {
                Tell(decision);
            }

            _enrollment = turn.Enrollment.State == EnrollmentState.Active ? turn.Enrollment : null;
            if (Deliver() is { } left)
            {
                stimuli.Enqueue(left);
            }

            foreach (var change in turn.Decisions.OfType<Decision.Change>())
            {
                stimuli.Enqueue(Apply(change.Wanted));
            }
        }
    }

    // What has come to its time leaves; the answer is what the track goes on by, null where nothing has left.
    private Stimulus? Deliver()
    {
        var leaving = Open.Where(touch => touch.DueAt <= _now).ToList();
        foreach (var touch in leaving)
        {
            _touches.Remove(touch.Id);
            _lines.Add(
                Line(touch.Channel, touch.ContentKey) with
                {
                    Step = touch.Step.Value,
                    Content = touch.ContentKey,
                }
            );
        }

        return leaving.Count > 0 ? Stimulus.Of(leaving.Select(touch => touch.Id).ToHashSet()) : null;
    }

    private IEnumerable<PlannedTouch> Open =>
        (_enrollment?.Awaited ?? [])
            .Select(touch => _touches.GetValueOrDefault(touch))
            .OfType<PlannedTouch>()
            .OrderBy(touch => touch.DueAt);

    // As the facts do it, at once; the answer is what the track goes on by.
    private Stimulus Apply(LeadChange change)
    {
        var asked = change.ToEvent(_lead.Key, _now);
        var applied = LeadFacts.Apply(_lead, _account, asked, _rulebook, _now) as FactOutcome.Applied;
        _lead = applied?.Lead ?? _lead;
        var stageExit = applied is null ? null : _track.StageExit(applied.Moves, _rulebook);
        if (_enrollment is not null && (stageExit ?? _track.ExitFor(Values, asked)) is { } exit)
        {
            AddExit(exit, applied?.Move?.Stage.Stage);
            _enrollment = null;
        }

        return Stimulus.Of(new Signal(LeadChange.Applied, _now) { Step = change.Step, Visit = change.Visit });
    }

    private void Tell(Decision decision)
    {
        switch (decision)
        {
            case Decision.Enter enter:
                _lines.Add(Line("step", _track.Steps[enter.Step].Name) with { Step = enter.Step.Value });
                break;
            case Decision.Leave leave:
                _lines.AddRange(
                    leave.Ports.Select(port => Line("way", port) with { Step = leave.Step.Value, Argument = port })
                );
                break;
            case Decision.Plan plan:
                _had.Add(plan.Touch.ContentKey);
                _touches[plan.Touch.Id] = plan.Touch;
                if (plan.Touch.DueAt > _now)
                {
                    _lines.Add(
                        Line(
                            "planned",
                            $"{plan.Touch.Channel} {plan.Touch.ContentKey} for {plan.Touch.DueAt:yyyy-MM-dd HH:mm}"
                        ) with
                        {
                            Step = plan.Touch.Step.Value,
                            DueAt = plan.Touch.DueAt,
                        }
                    );
                }

                break;
            case Decision.Ask ask:
                Add("call", ask.Call.Subject);
                break;
            case Decision.Change { Wanted: { Handoff: null } change }:
                _lines.Add(Line("change", Shown(change)) with { Change = change });
                break;
            case Decision.Offer offer:
                _lines.Add(Line("handoff", offer.Handoff.Owner ?? "nobody") with { Argument = offer.Handoff.Owner });
                break;
            case Decision.Emit emit:
                Add("outgoing", emit.Message.Target);
                break;
            case Decision.Cancel:
                Add("cancelled", "a touch of a branch that was given up");
                break;
            case Decision.Write write:
                Add("line", write.Line);
                break;
            case Decision.Complete:
                Add("completed", _track.Name);
                break;
            case Decision.Exit exit:
                _lines.Add(
                    Line("exited", $"{exit.Code} {exit.Argument}".TrimEnd()) with
                    {
                        Code = exit.Code,
                        Argument = exit.Argument,
                    }
                );
                break;
            case Decision.Park park:
                _lines.Add(
                    Line("parked", $"{park.Code} {park.Argument}".TrimEnd()) with
                    {
                        Code = park.Code,
                        Argument = park.Argument,
                    }
                );
                break;
        }
    }

    private static string Shown(LeadChange change) =>
        change.MoveTo is { } track ? $"on to track {track}"
        : change.Criterion is { } criterion ? $"{criterion}: {change.Fact}"
        : change.ScoreBy != 0 ? $"score {change.ScoreBy:+0;-0} ({change.Reason})"
        : string.Join(", ", change.Fields.Select(field => $"{field.Key} = {field.Value}"));

    private void Add(string kind, string text) => _lines.Add(Line(kind, text));

    private bool IsFull => _lines.Count >= MostLines;

    // A trial says why it ends where the track has not.
    private void AddEnd(string code)
    {
        if (_entersOnce && _enrollment is not null)
        {
            _lines.Add(Line("rest", code) with { Code = code });
        }
    }

    private void AddExit(string code, string? stage) =>
        _lines.Add(Line("exited", code) with { Code = code, Argument = stage });

    private TraceLine Line(string kind, string text) => new(_now, kind, text) { Lead = _lead, Account = _account };
}
