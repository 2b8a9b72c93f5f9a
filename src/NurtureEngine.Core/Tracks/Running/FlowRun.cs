using System.Collections.Immutable;
using NurtureEngine.Core.Touches;
using NurtureEngine.Core.Tracks.Activities;
using NurtureEngine.Core.Tracks.Flows;

namespace NurtureEngine.Core.Tracks.Running;

/// <summary>
/// One turn of one enrollment. Steps are entered in the order in which they were reached, as Elsa 3.8 schedules them; what a
/// flowchart does when a step is left is in the other part of this class.
/// </summary>
internal sealed partial class FlowRun
{
    // More steps than this in one turn is a flow that goes round without waiting; more visits than this, one that never ends.
    private const int MaxStepsPerTurn = 1_000;
    private const int MaxVisits = 1_000;

    // A loop that is left by two ways back doubles with every round.
    private const int MaxTokens = 100;

    private readonly Track _track;
    private readonly Enrollment _enrollment;
    private readonly DateTimeOffset _now;
    private readonly Queue<Token> _open = new();
    private readonly List<Token> _waiting = [];
    private readonly List<Frame> _frames;
    private readonly ImmutableArray<Decision>.Builder _decisions = ImmutableArray.CreateBuilder<Decision>();
    private readonly RunValues _lead;
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
        _values = lead.With(track.Variables.SetItems(enrollment.Standing.Variables));
    }

    public Turn Advance(IReadOnlySet<TouchId> settled)
    {
        if (_enrollment.LeavesAt <= _now)
        {
            (_exit, _isOver) = (new Decision.Exit("time.over", null), true);
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
            if (token.WakeAt <= _now || (token.Awaits is { } touch && settled.Contains(touch)))
            {
                due.Add(token);
            }
        }

        EnterOpen();
        // In the order in which they fell due, and each to where it rests: a turn that comes late does what several would have
        // done. An earlier one may have ended or given up the branch that a later one waits in.
        foreach (var token in due.OrderBy(token => token.WakeAt ?? DateTimeOffset.MinValue))
        {
            if (_park is null && !_isOver && _waiting.Remove(token))
            {
                Leave(token, [Step.Done]);
                EnterOpen();
            }
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

        switch (step.Enter(new Visit(_track, _enrollment.Id, step.Id, visit, _values, _now)))
        {
            case StepResult.Complete complete:
                Note(step, complete);
                Leave(token, complete.Ports);
                break;
            case StepResult.Sleep sleep:
                _waiting.Add(token with { WakeAt = sleep.Until });
                break;
            case StepResult.Send send:
                _decisions.Add(new Decision.Plan(send.Touch));
                _waiting.Add(token with { Awaits = send.Touch.Id });
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

    private void Note(Step step, StepResult.Complete complete)
    {
        if (complete.Variable is var (name, value))
        {
            _values = _lead.With(_values.Variables.SetItem(name, value));
        }

        if (complete.Task is { } call)
        {
            _decisions.Add(new Decision.Ask(call));
        }

        if (complete.Line is { } line)
        {
            _decisions.Add(new Decision.Write(step.Id, line));
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
