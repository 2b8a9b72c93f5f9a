using NurtureEngine.Core.Tracks.Definitions;

namespace NurtureEngine.Core.Tests.Tracks;

/// <summary>Tracks that send leads on to one another.</summary>
public sealed class TrackLinkTests
{
    [Theory]
    // To itself, at once and after a rest.
    [InlineData("T>M", "M move a", "", "T>X", "", "", "a")]
    [InlineData("T>E E>M", "E mail; M move a", "", "T>X", "", "", "a")]
    [InlineData("T>W W>M", "W delay 1d; M move a", "", "T>X", "", "", "")]
    // Round, by a step and by the successor.
    [InlineData("T>M", "M move b", "", "T>N", "N move a", "", "a b")]
    [InlineData("T>M", "M move b", "", "T>X", "", "a", "a b")]
    [InlineData("T>M", "M move b", "", "T>W W>X", "W delay 1d", "a", "")]
    [InlineData("T>M", "M move b", "", "T>R R.Replied>X R.TimedOut>N", "R reply 2d; N move a", "", "")]
    // Hidden in a flow within the flow.
    [InlineData("T>F", "F flow x>M; M move b", "", "T>N", "N move a", "", "a b")]
    [InlineData("T>F F>M", "F flow x>W; W delay 1d; M move b", "", "T>N", "N move a", "", "")]
    public void A_circle_without_a_rest_is_a_fault_of_all_in_it(
        string first,
        string firstKinds,
        string firstSuccessor,
        string second,
        string secondKinds,
        string secondSuccessor,
        string endless
    )
    {
        var tracks = new[]
        {
            Compile(first, firstKinds, firstSuccessor) with
            {
                DefinitionId = "a",
            },
            Compile(second, secondKinds, secondSuccessor) with
            {
                DefinitionId = "b",
            },
        };

        var faults = TrackLinks.Check(tracks, ["a", "b"]);

        Assert.Equal(endless, string.Join(' ', tracks.Where(faults.Contains).Select(track => track.DefinitionId)));
    }

    [Fact]
    public void A_track_that_is_not_there_is_named()
    {
        var track = Compile("T>M", "M move nowhere", "gone");

        Assert.Equal(
            ["'nowhere'", "'gone'"],
            TrackLinks.Check([track], ["a"])[track].Select(fault => fault.Message.Split(',')[0])
        );
    }

    private static NurtureEngine.Core.Tracks.Track Compile(string connections, string kinds, string successor) =>
        FlowScenario.Compile(connections, kinds, out _, successor.Length == 0 ? [] : [("successor", successor)])!;
}
