using System.Collections.Immutable;
using NurtureEngine.Core.Touches;
using NurtureEngine.Core.Tracks.Activities;

namespace NurtureEngine.Core.Tracks.Running;

/// <summary>
/// Moves one enrollment as far as it can go now. Pure and total: the same arguments give the same turn, and what cannot go
/// on is parked, never thrown.
/// </summary>
public static class TrackRunner
{
    // More steps than this in one turn is a flow that goes round without waiting.
    private const int MaxStepsPerTurn = 1_000;

    /// <summary>A new enrollment, standing at the trigger that fired.</summary>
    public static ImmutableArray<Token> Begin(Step trigger) => [Token.Entering(trigger.Id)];

    /// <summary>
    /// Advances what is due at <paramref name="now"/> (business time) and what waited for one of the touches that are
    /// settled.
    /// </summary>
    public static Turn Advance(Track track, Enrollment enrollment, IReadOnlySet<TouchId> settled, DateTimeOffset now)
    {
        var decisions = ImmutableArray.CreateBuilder<Decision>();
        var waiting = ImmutableArray.CreateBuilder<Token>();
        var open = new Queue<Token>(enrollment.Tokens);
        var steps = 0;
        while (open.TryDequeue(out var token))
        {
            if (!track.Steps.TryGetValue(token.Step, out var step))
            {
                return Parked(enrollment, "step.missing", token.Step.Value);
            }

            if (!token.IsEntering)
            {
                if (token.WakeAt <= now || (token.Awaits is { } touch && settled.Contains(touch)))
                {
                    Leave(Step.Done);
                }
                else
                {
                    waiting.Add(token);
                }

                continue;
            }

            if (++steps > MaxStepsPerTurn)
            {
                return Parked(enrollment, "steps.without_wait", token.Step.Value);
            }

            decisions.Add(new Decision.Enter(step.Id, token.Visit));
            switch (step.Enter(new Visit(track, enrollment.Id, step.Id, token.Visit, now)))
            {
                case StepResult.Complete complete:
                    Leave(complete.Port);
                    break;
                case StepResult.Sleep sleep:
                    waiting.Add(token with { WakeAt = sleep.Until });
                    break;
                case StepResult.Send send:
                    decisions.Add(new Decision.Plan(send.Touch));
                    waiting.Add(token with { Awaits = send.Touch.Id });
                    break;
                case StepResult.Finish:
                    return Completed(enrollment, decisions);
            }

            void Leave(string port)
            {
                foreach (var next in track.After(token.Step, port))
                {
                    open.Enqueue(Token.Entering(next));
                }
            }
        }

        return waiting.Count == 0
            ? Completed(enrollment, decisions)
            : new Turn(enrollment with { Tokens = waiting.ToImmutable() }, decisions.ToImmutable());
    }

    private static Turn Completed(Enrollment enrollment, ImmutableArray<Decision>.Builder decisions)
    {
        decisions.Add(new Decision.Complete());
        return new Turn(enrollment with { State = EnrollmentState.Completed, Tokens = [] }, decisions.ToImmutable());
    }

    // A parked enrollment keeps its tokens, so that a retry goes on where it stood.
    private static Turn Parked(Enrollment enrollment, string code, string argument) =>
        new(enrollment with { State = EnrollmentState.Parked }, [new Decision.Park(code, argument)]);
}

/// <summary>The enrollment as it stands after a turn, and what is to be done.</summary>
public sealed record Turn(Enrollment Enrollment, ImmutableArray<Decision> Decisions);
