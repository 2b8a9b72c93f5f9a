using System.Text.Json.Nodes;
using NurtureEngine.Core.Tracks.Definitions;
using NurtureEngine.Core.Tracks.Differences;
using NurtureEngine.Core.Tracks.Journeys;

namespace NurtureEngine.Core.Tests.Tracks;

public sealed class JourneySheetTests
{
    private static readonly LocalisedText Mail = new("the guide", "指南");

    private static readonly JourneyWords Words = new()
    {
        Stage = "RL",
        Cognition = "Ask",
        Segment = new("new leads", ""),
        Thinks = new("", "有人懂我"),
        Feels = new("at ease ", "安心"),
        Does = new("reads on", "继续阅读"),
        To = "MQL",
    };

    private static string Shipped { get; } =
        File.ReadAllText(Path.Combine(Repository.Root, "workflows", "welcome.json"));

    [Fact]
    public void A_sentence_that_is_written_is_read_by_the_compiler_and_told_as_a_difference()
    {
        var changed = JourneySheet.With(Shipped, "read-answer", Words.Whole)!;
        var line = JourneySheet.Of(changed).Single(line => line.Step == "read-answer");

        Assert.Equal(
            "At sales stage RL, which is cognition stage Ask, the guide reaches new leads over the guide; the lead then thinks “有人懂我”, feels at ease, and so reads on, which moves them to stage MQL.",
            line.Words.Whole!.Sentence(Mail, Mail).English
        );
        var difference = Assert.Single(TrackDifferences.Between(Shipped, changed)).English;
        Assert.Equal($"The journey sentence of “{line.Label}” has changed.", difference);
    }

    [Fact]
    public void Taking_a_sentence_away_leaves_all_else_as_it_was()
    {
        var without = JourneySheet.With(Shipped, "read-answer", null)!;
        var own = JourneySheet.Of(Shipped).Single(line => line.Step == "read-answer").Words;

        Assert.True(JourneySheet.Of(without).Single(line => line.Step == "read-answer").Words.IsEmpty);
        Assert.True(
            JsonNode.DeepEquals(
                JsonNode.Parse(CanonicalDefinition.Of(Shipped)),
                JsonNode.Parse(CanonicalDefinition.Of(JourneySheet.With(without, "read-answer", own.Whole)!))
            )
        );
    }

    [Fact]
    public void A_part_that_is_missing_is_named_and_a_step_that_is_gone_is_not_made()
    {
        Assert.Equal(["feels", "to"], (Words with { Feels = JourneyWords.Empty, To = " " }).Missing);
        Assert.Null((Words with { To = "" }).Whole);
        Assert.Null(JourneySheet.With(Shipped, "gone", Words.Whole));
        Assert.Null(JourneySheet.With(Shipped, "five-days", Words.Whole));
    }
}
