using NurtureEngine.Core.Tracks;
using NurtureEngine.Core.Tracks.Running;

namespace NurtureEngine.Core.Tests.Tracks;

/// <summary>What may come next, wherever a lead stands.</summary>
public sealed class TrackOutlookTests
{
    private static readonly DateTimeOffset Noon = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("T>W W>A A>B", "W delay 3d; A mail; B mail", "W", "A")]
    [InlineData("T>A A>W W>B", "A mail; W delay 3d; B mail", "A", "B")]
    [InlineData("T>W W>D D.True>A D.False>x x>B", "W delay 3d; D decision true; A mail; B mail", "W", "A B")]
    [InlineData("T>R R.Replied>A R.TimedOut>B", "R reply 3d; A mail; B mail", "R", "A B")]
    [InlineData("T>A A>W W>A", "A mail; W delay 3d", "W", "A")]
    [InlineData("T>W W>x", "W delay 3d", "W", "")]
    [InlineData("T>W W>S S>C", "W delay 3d; S sequence x,A,B; A mail; B mail; C mail", "W", "A")]
    [InlineData("T>S S>C", "S sequence x,A,B; A mail; B mail; C mail", "A", "B")]
    [InlineData("T>S S>C", "S sequence A,B; A mail; B delay 1d; C mail", "B", "C")]
    [InlineData("T>F F>C", "F flow W>x; W delay 1d; C mail", "W", "C")]
    [InlineData("T>F F>C", "F flow W>D,D.True>A; W delay 1d; D decision true; A mail; C mail", "W", "A C")]
    [InlineData("T>S S>C", "S sequence W,X; W delay 1d; X exit enough; C mail", "W", "")]
    [InlineData("T>W W>A", "W delay 3d; A mail", "gone", "")]
    public void What_lies_nearest_ahead_on_each_way_comes_next(
        string connections,
        string kinds,
        string at,
        string expected
    )
    {
        var track = FlowScenario.Compile(connections, kinds, out var faults);
        Assert.Empty(faults);
        var standing = new Standing { Tokens = [Token.Entering(new StepId(at)) with { WakeAt = Noon }] };

        var ahead = TrackOutlook.Ahead(track!, standing);

        Assert.Equal(expected, string.Join(' ', ahead.Select(step => step.Id.Value)));
    }

    [Fact]
    public void A_step_about_to_be_entered_is_ahead()
    {
        var track = FlowScenario.Compile("T>A A>B", "A mail; B mail", out _);
        var standing = new Standing { Tokens = [Token.Entering(new StepId("A"))] };

        Assert.Equal("A", Assert.Single(TrackOutlook.Ahead(track!, standing)).Id.Value);
    }
}
