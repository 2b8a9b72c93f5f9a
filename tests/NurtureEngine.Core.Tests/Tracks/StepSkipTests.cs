using NurtureEngine.Core.Tracks;
using NurtureEngine.Core.Tracks.Acts;
using NurtureEngine.Core.Tracks.Running;

namespace NurtureEngine.Core.Tests.Tracks;

public sealed class StepSkipTests
{
    private const string Kinds =
        "A mail; B mail; C mail; W delay 1d; V delay 2d; F fork x,y; J join WaitAll; D decision true; E delay 1d";

    private static readonly DateTimeOffset Now = new(2026, 6, 1, 9, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("T>A A>W W>B B>C", "W", "B,C")]
    [InlineData("T>A A>W W>B B>C", "C", "")]
    // One of two ways that meet again: the meeting would wait for the other one.
    [InlineData("T>W W>D D.True>A D.False>B A>E B>E E>C", "W", "C,D,E")]
    // Within a way that meets the others, only what comes after the meeting.
    [InlineData("T>D D.True>W W>A D.False>B A>E B>E E>C", "W", "C,E")]
    // A loop leads back: what lies on it, or behind it, counts its visits.
    [InlineData("T>V V>A A>W W>D D.True>A D.False>B", "V", "")]
    [InlineData("T>V V>A A>B B>D D.True>C D.False>E", "V", "A,B,C,D,E")]
    public void A_lead_can_be_moved_on_to_what_lies_ahead_on_one_way(string flow, string step, string targets)
    {
        var track = Compile(flow);

        Assert.Equal(targets, string.Join(',', StepSkip.TargetsOf(track, At(track, step)).Select(to => to.Value)));
    }

    [Fact]
    public void Whoever_is_moved_on_goes_on_from_there_to_the_end()
    {
        var track = Compile("T>W W>D D.True>A D.False>B A>E B>E E>C");
        foreach (var target in StepSkip.TargetsOf(track, At(track, "W")))
        {
            var enrollment = new Enrollment(
                new EnrollmentId(1),
                EnrollmentState.Active,
                StepSkip.To(track, At(track, "W"), target)!
            )
            {
                EnteredAt = Now,
            };
            var entered = new List<string>();
            for (var turn = 0; turn < 20 && enrollment.State == EnrollmentState.Active; turn++)
            {
                var values = new RunValues(RunValues.Nobody, null, Rulebooks.Default, "default");
                var done = TrackRunner.Advance(
                    track,
                    enrollment,
                    values,
                    Stimulus.Of(enrollment.Awaited.ToHashSet()),
                    Now.AddDays(turn * 10)
                );
                entered.AddRange(done.Decisions.OfType<Decision.Enter>().Select(enter => enter.Step.Value));
                enrollment = done.Enrollment;
                // Behind the meeting all is even again.
                Assert.True(!entered.Contains("C") || enrollment.Standing.Frames.All(frame => frame.Joins.IsEmpty));
            }

            Assert.Equal(EnrollmentState.Completed, enrollment.State);
            Assert.Equal("C", entered[^1]);
        }
    }

    [Fact]
    public void Nobody_is_moved_who_stands_in_several_branches_or_to_what_does_not_lie_ahead()
    {
        var track = Compile("T>F F.x>W F.y>V W>J V>J J>A");
        var standing = At(track, "W") with { Tokens = [Asleep("W"), Asleep("V")] };

        Assert.Empty(StepSkip.TargetsOf(track, standing));
        Assert.Null(StepSkip.To(track, At(track, "W"), new StepId("T")));
    }

    private static Track Compile(string flow)
    {
        var track = FlowScenario.Compile(flow, Kinds, out var faults);
        Assert.Empty(faults);
        return track!;
    }

    private static Standing At(Track track, string step) =>
        Standing.At(track.Root, new StepId("T")) with
        {
            Tokens = [Asleep(step)],
        };

    private static Token Asleep(string step) => new(new StepId(step), 1, Now, null);
}
