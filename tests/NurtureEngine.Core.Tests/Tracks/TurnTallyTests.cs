using System.Collections.Immutable;
using NurtureEngine.Core.Tracks;
using NurtureEngine.Core.Tracks.Running;
using NurtureEngine.Core.Tracks.Watching;

namespace NurtureEngine.Core.Tests.Tracks;

public sealed class TurnTallyTests
{
    private static readonly DateTimeOffset Later = new(2026, 6, 1, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Whoever_enters_steps_and_stays_at_the_last_has_passed_the_others() =>
        Assert.Equal(
            [("mail", 1, 1), ("wait", 1, 0)],
            Sums(
                At(Token.Entering(new("mail"))),
                EnrollmentState.Active,
                [Enter("mail"), Enter("wait")],
                Asleep("wait")
            )
        );

    [Fact]
    public void Whoever_goes_on_has_passed_where_they_stood_and_who_stays_has_not()
    {
        Assert.Equal(
            [("end", 1, 1), ("wait", 0, 1)],
            Sums(At(Asleep("wait")), EnrollmentState.Completed, [Enter("end"), new Decision.Complete()])
        );
        Assert.Empty(Sums(At(Asleep("wait")), EnrollmentState.Active, [], Asleep("wait")));
    }

    [Fact]
    public void Whoever_leaves_where_they_stood_has_passed_nothing() =>
        Assert.Empty(Sums(At(Asleep("wait")), EnrollmentState.Exited, [new Decision.Exit("time.over", null)]));

    [Fact]
    public void Whoever_leaves_by_a_step_has_passed_it() =>
        Assert.Equal(
            [("exit", 1, 1), ("wait", 0, 1)],
            Sums(At(Asleep("wait")), EnrollmentState.Exited, [Enter("exit"), new Decision.Exit("exited", null)])
        );

    [Fact]
    public void A_turn_that_parks_counts_nothing() =>
        Assert.Empty(Sums(At(Asleep("wait")), EnrollmentState.Parked, [new Decision.Park("condition.failed", null)]));

    private static List<(string Step, int Entered, int Passed)> Sums(
        Standing before,
        EnrollmentState state,
        ImmutableArray<Decision> decisions,
        params Token[] after
    ) =>
        [
            .. TurnTally
                .Of(before, new Turn(new Enrollment(new EnrollmentId(1), state, At(after)), decisions))
                .GroupBy(count => count.Step.Value)
                .Select(step => (step.Key, step.Sum(count => count.Entered), step.Sum(count => count.Passed)))
                .Where(step => step is not (_, 0, 0))
                .OrderBy(step => step.Key, StringComparer.Ordinal),
        ];

    private static Decision.Enter Enter(string step) => new(new StepId(step), 1);

    private static Token Asleep(string step) => new(new StepId(step), 1, Later, null);

    private static Standing At(params Token[] tokens) => new() { Tokens = [.. tokens] };
}
