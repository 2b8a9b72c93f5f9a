using NurtureEngine.Core.Tracks;
using NurtureEngine.Core.Tracks.Moves;
using NurtureEngine.Core.Tracks.Running;

namespace NurtureEngine.Core.Tests.Tracks;

/// <summary>What becomes of someone in a track who moves to another version of it.</summary>
public sealed class MoveRuleTests
{
    private const string Kinds =
        "A mail; B mail; C mail; W delay 1d; V delay 2d; F fork x,y; J join WaitAll; D decision true; E delay 1d; S score 5";

    [Theory]
    // The same step is there, whatever has changed around it.
    [InlineData("T>A A>W W>B", "T>A A>W W>B", "W", MoveEffect.Moves)]
    [InlineData("T>A A>W W>B", "T>W W>B B>C", "W", MoveEffect.Moves)]
    // What lay behind lies ahead.
    [InlineData("T>A A>W W>B", "T>W W>A A>B", "W", MoveEffect.Repeats)]
    // A branch that meets the way ahead would never report; one that met it before is known.
    [InlineData("T>A A>W W>B", "T>A A>D D.True>W W>B D.False>V V>B", "W", MoveEffect.Branches)]
    [InlineData("T>D D.True>W W>B D.False>V V>B", "T>D D.True>W W>B D.False>V V>B B>C", "W", MoveEffect.Moves)]
    [InlineData(
        "T>D D.True>W W>B D.False>V V>B",
        "T>D D.True>W W>B D.False>V V>B E>B D.False>E",
        "W",
        MoveEffect.Branches
    )]
    // A step that changes the lead is no message, and waits for its own answer.
    [InlineData("T>S S>W W>B", "T>W W>S S>B", "W", MoveEffect.Repeats)]
    // The step is gone, of another kind, or can't be reached from the trigger.
    [InlineData("T>A A>W W>B", "T>A A>V V>B", "W", MoveEffect.StepGone)]
    public void One_who_stands_at_a_step(string before, string after, string step, MoveEffect effect)
    {
        var (from, to) = (Compile(before), Compile(after));

        Assert.Equal(effect, new MoveRule(from, to).EffectOf(At(from, step)));
    }

    [Fact]
    public void What_would_be_passed_again_is_named()
    {
        var repeated = new MoveRule(Compile("T>A A>B B>W W>C"), Compile("T>W W>A A>B B>C")).RepeatedAt(new StepId("W"));

        Assert.Equal(["A", "B"], repeated);
    }

    [Fact]
    public void On_a_loop_that_was_there_before_nothing_is_news()
    {
        const string Loop = "T>A A>W W>D D.True>A D.False>B";
        var track = Compile(Loop, Kinds);

        Assert.Equal(MoveEffect.Moves, new MoveRule(track, track).EffectOf(At(track, "W")));
    }

    [Fact]
    public void A_step_of_another_kind_under_the_same_id_is_another_step()
    {
        var (from, to) = (Compile("T>A A>W W>B"), Compile("T>A A>W W.Replied>B", "A mail; B mail; W reply 3d"));

        Assert.Equal(MoveEffect.StepGone, new MoveRule(from, to).EffectOf(At(from, "W")));
    }

    [Fact]
    public void One_in_several_branches_stays()
    {
        var track = Compile("T>F F.x>W F.y>V W>J V>J J>A");
        var both = At(track, "W") with { Tokens = [Token.Entering(new("W")), Token.Entering(new("V"))] };

        Assert.Equal(MoveEffect.Branches, new MoveRule(track, track).EffectOf(both));
    }

    [Fact]
    public void Into_another_lane_nobody_moves()
    {
        var current = Compile("T>A A>W W>B");
        var to = current with { Settings = current.Settings with { Lane = "other" } };

        Assert.Equal(MoveEffect.OtherLane, new MoveRule(current, to).EffectOf(At(current, "W")));
    }

    [Theory]
    [InlineData("x,y", MoveEffect.Moves)]
    [InlineData("x,y,z", MoveEffect.StepGone)]
    [InlineData("y", MoveEffect.StepGone)]
    public void In_a_sequence_one_moves_only_if_it_has_the_same_steps(string steps, MoveEffect effect)
    {
        const string Delays = "x delay 1d; y delay 1d; z delay 1d";
        var from = Compile("T>Q Q>A", $"A mail; {Delays}; Q sequence x,y");
        var to = Compile("T>Q Q>A", $"A mail; {Delays}; Q sequence {steps}");
        var inside = Standing.At(from.Root, new StepId("T")) with
        {
            Tokens = [Token.Entering(new StepId("y")) with { Frame = 1 }],
            Frames = [new Frame(0, from.Root) { Start = new StepId("T") }, new Frame(1, new StepId("Q")) { Begun = 2 }],
        };

        Assert.Equal(effect, new MoveRule(from, to).EffectOf(inside));
    }

    private static Standing At(Track track, string step) =>
        Standing.At(track.Root, new StepId("T")) with
        {
            Tokens = [Token.Entering(new StepId(step))],
        };

    private static Track Compile(string connections, string kinds = Kinds)
    {
        var track = FlowScenario.Compile(connections, kinds, out var faults);
        Assert.Empty(faults);
        return track!;
    }
}
