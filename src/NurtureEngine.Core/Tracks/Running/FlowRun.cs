using System.Collections.Immutable;
using NurtureEngine.Core.Intake;
using NurtureEngine.Core.Touches;
using NurtureEngine.Core.Tracks.Activities;
using NurtureEngine.Core.Tracks.Activities.Elsa;
using NurtureEngine.Core.Tracks.Flows;

namespace NurtureEngine.Core.Tracks.Running;

/// <summary>
/// One turn of one enrollment. Steps are entered in the order in which they were reached, as Elsa 3.8 schedules them; what a
/// flowchart does when a step is left, and how waits end, is in the other parts of this class.
/// </summary>
internal sealed partial class FlowRun
{
    // More steps than this in one turn is a flow that goes round without waiting; more visits than this, one that never ends.
    private const int MaxStepsPerTurn = 1_000;
    private const int MaxVisits = 1_000;

    // A loop that is left by two ways back doubles with every round.
    private const int MaxTokens = 100;

    private const string TimeOver = "time.over";

    private readonly Track _track;
    private readonly Enrollment _enrollment;
    private readonly DateTimeOffset _now;
    private readonly Queue<Token> _open = new();
    private readonly List<Token> _waiting = [];
    private readonly List<Frame> _frames;
    private readonly ImmutableArray<Decision>.Builder _decisions = ImmutableArray.CreateBuilder<Decision>();
    private readonly RunValues _lead;
    private ImmutableSortedSet<string> _heard;
    private ImmutableHashSet<string> _had;
    private RunValues _values;
    private ImmutableSortedDictionary<string, int> _visits;
    private Token? _joining;
    private int _steps;
    private bool _isOver;
    private Decision.Park? _park;
    private Decision.Exit? _exit;

    public FlowRun(Track track, Enrollment enrollment, RunValues lead, DateTimeOffset now)
    {
        (_track, _now, _lead) = (track, now, lead);
        _enrollment = enrollment with { LeavesAt = enrollment.EnteredAt + track.Settings.TimeLimit };
        _frames = [.. enrollment.Standing.FramesIn(track)];
        _visits = enrollment.Standing.Visits;
        _heard = enrollment.Standing.Heard;
        _had = [.. lead.Had];
        _values = lead.With(track.Variables.SetItems(enrollment.Standing.Variables));
    }

    public Turn Advance(Stimulus stimulus)
    {
        if (_enrollment.LeavesAt <= _now)
        {
            (_exit, _isOver) = (new Decision.Exit(TimeOver, null), true);
            return Result();
        }

        var due = new List<Token>();
        foreach (var token in _enrollment.Tokens)
        {
            if (token.IsEntering)
            {
                _open.Enqueue(token);
                continue;
            }

            _waiting.Add(token);
            if (token.WakeAt <= _now || (token.Awaits is { } touch && stimulus.Settled.Contains(touch)))
            {
                due.Add(token);
            }
        }

        EnterOpen();
        // In the order in which they fell due, and each to where it rests: a turn that comes late does what several would have
        // done. An earlier one may have ended or given up the branch that a later one waits in.
        var wakes = new Queue<Token>(due.OrderBy(token => token.WakeAt ?? DateTimeOffset.MinValue));
        foreach (var signal in stimulus.Signals)
        {
            while (wakes.TryPeek(out var token) && (token.WakeAt is null || token.WakeAt <= signal.At))
            {
                Wake(wakes.Dequeue());
            }

            Hear(signal);
        }

        foreach (var token in wakes)
        {
            Wake(token);
        }

        return Result();
    }

    private void EnterOpen()
    {
        while (_park is null && !_isOver && _open.TryDequeue(out var token))
        {
            if (_steps++ == MaxStepsPerTurn)
            {
                Park("steps.without_wait", token.Step.Value);
                return;
            }

            Enter(token);
        }
    }

    private Turn Result()
    {
        // A parked enrollment keeps its tokens, so that a retry goes on where it stood.
        if (_park is not null)
        {
            return new Turn(_enrollment with { State = EnrollmentState.Parked }, [_park]);
        }

        if (_isOver)
        {
            if (_track.Settings.Successor is { } successor && _exit?.Code is null or TimeOver)
            {
                _decisions.Add(
                    new Decision.Change(new LeadChange(_enrollment.Id, _track.Root, 1) { MoveTo = successor })
                );
            }

            _decisions.Add(_exit is null ? new Decision.Complete() : _exit);
            return new Turn(
                _enrollment with
                {
                    State = _exit is null ? EnrollmentState.Completed : EnrollmentState.Exited,
                    Standing = Standing.Over,
                },
                _decisions.ToImmutable()
            );
        }

        var standing = new Standing
        {
            Tokens = [.. _waiting],
            Frames = [.. _frames],
            Visits = _visits,
            Heard = _heard,
            Variables = _values.Variables.RemoveRange(
                _track.Variables.Where(first => _values.Variables[first.Key] == first.Value).Select(first => first.Key)
            ),
        };
        return new Turn(_enrollment with { Standing = standing }, _decisions.ToImmutable());
    }

    private void Enter(Token token)
    {
        if (!_track.Steps.TryGetValue(token.Step, out var step))
        {
            Park("step.missing", token.Step.Value);
            return;
        }

        if (_waiting.Count + _open.Count >= MaxTokens)
        {
            Park("tokens.exceeded", step.Id.Value);
            return;
        }

        var visit = _track.IsRepeated(step.Id) ? _visits.GetValueOrDefault(step.Id.Value, 0) + 1 : 1;
        if (visit > MaxVisits)
        {
            Park("visits.exceeded", step.Id.Value);
            return;
        }

        _visits = _track.IsRepeated(step.Id) ? _visits.SetItem(step.Id.Value, visit) : _visits;
        token = token with { Visit = visit };
        _decisions.Add(new Decision.Enter(step.Id, visit));
        if (step is FlowJoin || step.Join == JoinMode.WaitAny)
        {
            _joining = token;
            GiveUpBranches(token);
            _joining = null;
        }

        Act(token, step);
    }

    private void Act(Token token, Step step)
    {
        var visit = new Visit(_track, _enrollment.Id, step.Id, token.Visit, _values, _now) { Had = _had };
        var result = step.Enter(visit);
        _decisions.AddRange(result.Decisions);
        switch (result)
        {
            case StepResult.Complete complete:
                if (complete.Variable is var (name, value))
                {
                    _values = _lead.With(_values.Variables.SetItem(name, value));
                }

                Leave(token, complete.Ports);
                break;
            case StepResult.Sleep sleep:
                _waiting.Add(token with { WakeAt = sleep.Until });
                break;
            case StepResult.Listen listen:
                Listen(token, step, listen.Until);
                break;
            case StepResult.LookAgain look:
                _waiting.Add(token with { WakeAt = look.At, IsLookingAgain = true });
                break;
            case StepResult.Send send:
                _had = _had.Add(send.Touch.ContentKey);
                // What is heard of e-mails is about the latest.
                _heard = _heard.Except(EventTypes.Engagement);
                _decisions.Add(new Decision.Plan(send.Touch));
                _waiting.Add(token with { Awaits = send.Touch.Id, WakeAt = null, IsLookingAgain = false });
                break;
            case StepResult.Open { First: { } first }:
                Open(token, first);
                break;
            case StepResult.Open:
                Leave(token, [Step.Done]);
                break;
            case StepResult.Finish:
                _isOver = true;
                break;
            case StepResult.Exit exit:
                _exit = new Decision.Exit(exit.Code, exit.Argument);
                _isOver = true;
                break;
            case StepResult.Fault fault:
                Park(fault.Code, fault.Argument);
                break;
            default:
                throw new InvalidOperationException($"The result of step '{step.Id.Value}' has no meaning here.");
        }
    }

    private void Open(Token container, StepId first)
    {
        var number = _frames.Max(frame => frame.Number) + 1;
        _frames.Add(
            new Frame(number, container.Step)
            {
                Parent = container.Frame,
                Start = first,
                Begun = 1,
                IsBack = container.IsBack,
            }
        );
        _open.Enqueue(Token.Entering(first) with { Frame = number });
    }

    // A container whose steps have all come to an end is left like any other step.
    private void Close(Frame frame)
    {
        GiveUp(frame.Number);
        if (frame.Number == 0)
        {
            _isOver = true;
            return;
        }

        Leave(Token.Entering(frame.Container) with { Frame = frame.Parent, IsBack = frame.IsBack }, [Step.Done]);
    }

    // Everything that runs in a frame, and in those within it.
    private void GiveUp(int number)
    {
        foreach (var inner in Within(number).ToList())
        {
            GiveUp(inner.Number);
        }

        CancelWaiting(token => token.Frame == number);
        var kept = _open.Where(token => token.Frame != number).ToList();
        _open.Clear();
        kept.ForEach(_open.Enqueue);
        _frames.RemoveAll(frame => frame.Number == number && number != 0);
    }

    private void CancelWaiting(Predicate<Token> unwanted)
    {
        foreach (var touch in _waiting.Where(token => unwanted(token)).Select(token => token.Awaits).OfType<TouchId>())
        {
            _decisions.Add(new Decision.Cancel(touch));
        }

        _waiting.RemoveAll(unwanted);
    }

    private void Park(string code, string? argument) => _park ??= new Decision.Park(code, argument);
}
