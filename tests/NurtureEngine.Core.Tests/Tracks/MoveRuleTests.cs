using NurtureEngine.Core.Tracks;
using NurtureEngine.Core.Tracks.Moves;
using NurtureEngine.Core.Tracks.Running;

namespace NurtureEngine.Core.Tests.Tracks;

/// <summary>What becomes of someone in a track who moves to another version of it.</summary>
public sealed class MoveRuleTests
{
    private const string Kinds = "A mail; B mail; C mail; W delay 1d; V delay 2d; F fork x,y; J join WaitAll";

    [Theory]
    // The same step is there, whatever has changed around it.
    [InlineData("T>A A>W W>B", "T>A A>W W>B", "W", MoveEffect.Moves)]
    [InlineData("T>A A>W W>B", "T>W W>B B>C", "W", MoveEffect.Moves)]
    // What lay behind lies ahead.
    [InlineData("T>A A>W W>B", "T>W W>A A>B", "W", MoveEffect.Repeats)]
    // The step is gone, of another kind, or can't be reached from the trigger.
    [InlineData("T>A A>W W>B", "T>A A>V V>B", "W", MoveEffect.StepGone)]
    public void One_who_stands_at_a_step(string before, string after, string step, MoveEffect effect)
    {
        var (from, to) = (Compile(before), Compile(after));

        Assert.Equal(effect, MoveRule.EffectOf(from, to, At(from, step)));
    }

    [Fact]
    public void What_would_be_passed_again_is_named()
    {
        var repeated = MoveRule.RepeatedAt(Compile("T>A A>B B>W W>C"), Compile("T>W W>A A>B B>C"), new StepId("W"));

        Assert.Equal(["A", "B"], repeated);
    }

    [Fact]
    public void On_a_loop_that_was_there_before_nothing_is_news()
    {
        const string Loop = "T>A A>W W>D D.True>A D.False>B";
        var track = Compile(Loop, $"{Kinds}; D decision true");

        Assert.Equal(MoveEffect.Moves, MoveRule.EffectOf(track, track, At(track, "W")));
    }

    [Fact]
    public void A_step_of_another_kind_under_the_same_id_is_another_step()
    {
        var (from, to) = (Compile("T>A A>W W>B"), Compile("T>A A>W W.Replied>B", "A mail; B mail; W reply 3d"));

        Assert.Equal(MoveEffect.StepGone, MoveRule.EffectOf(from, to, At(from, "W")));
    }

    [Fact]
    public void One_in_several_branches_stays()
    {
        var track = Compile("T>F F.x>W F.y>V W>J V>J J>A");
        var both = At(track, "W") with { Tokens = [Token.Entering(new("W")), Token.Entering(new("V"))] };

        Assert.Equal(MoveEffect.Branches, MoveRule.EffectOf(track, track, both));
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
