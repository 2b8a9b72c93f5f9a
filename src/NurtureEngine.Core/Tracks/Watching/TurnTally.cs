using NurtureEngine.Core.Tracks.Running;

namespace NurtureEngine.Core.Tracks.Watching;

/// <summary>Which steps a turn passed, so that people see how many leads came to each and went on.</summary>
public static class TurnTally
{
    /// <summary>
    /// What a turn adds to the counts of steps; the parts of one step are to be summed up. A lead that entered a step and neither passed it nor
    /// stands there has left the track there. A turn that parks changes nothing: its retry begins where it began.
    /// </summary>
    /// <param name="before">Where the enrollment stood.</param>
    /// <param name="turn">What came of it.</param>
    public static IEnumerable<StepCount> Of(Standing before, Turn turn)
    {
        if (turn.Enrollment.State == EnrollmentState.Parked)
        {
            yield break;
        }

        var hasEntered = false;
        foreach (var decision in turn.Decisions)
        {
            if (decision is Decision.Enter enter)
            {
                hasEntered = true;
                yield return new StepCount(enter.Step, Entered: 1, Passed: 1);
            }
        }

        // The time limit or a condition ended it where the lead stood.
        if (!hasEntered && turn.Enrollment.State == EnrollmentState.Exited)
        {
            yield break;
        }

        foreach (var token in before.Tokens)
        {
            if (!token.IsEntering)
            {
                yield return new StepCount(token.Step, Entered: 0, Passed: 1);
            }
        }

        foreach (var token in turn.Enrollment.Tokens)
        {
            if (!token.IsEntering)
            {
                yield return new StepCount(token.Step, Entered: 0, Passed: -1);
            }
        }
    }
}

/// <summary>How often a step was entered, and how often leads went on from it; negative where a part takes back what another one says.</summary>
public readonly record struct StepCount(StepId Step, int Entered, int Passed);
