using System.Text.Json.Nodes;
using NurtureEngine.Core.Tracks.Differences;

namespace NurtureEngine.Core.Tests.Tracks;

/// <summary>Two versions of a track, in the words of those who draw it.</summary>
public sealed class TrackDifferenceTests
{
    private static string Shipped { get; } =
        File.ReadAllText(Path.Combine(Repository.Root, "workflows", "welcome.json"));

    [Fact]
    public void A_wait_is_told_with_what_comes_after_it()
    {
        var after = Changed(track => Input(Step(track, "Elsa.Delay"), "timeSpan", "3d"));
        var difference = Assert.Single(TrackDifferences.Between(Shipped, after));

        Assert.Matches("^Waits 3 days instead of \\d+ days? before “.+”\\.$", difference.English);
        Assert.Matches("^在“.+”之前等待3 天，原为\\d+ 天。$", difference.Chinese);
    }

    [Fact]
    public void A_content_a_setting_and_a_name_are_told_by_their_names()
    {
        var after = Changed(track =>
        {
            Input(Step(track, "Nurture.SendEmail"), "templateId", "welcome-build");
            track["customProperties"]!["nurture"]!["timeLimit"] = "60d";
            track["name"] = "Hello";
        });
        var differences = TrackDifferences.Between(Shipped, after).Select(difference => difference.English).ToList();

        Assert.Contains("It is called “Hello” instead of “Welcome”.", differences);
        Assert.Contains("Time limit: 60 days instead of 45 days.", differences);
        Assert.Contains(
            differences,
            text => text.Contains("Content: “welcome-build” instead of", StringComparison.Ordinal)
        );
        Assert.Equal(3, differences.Count);
    }

    [Fact]
    public void Steps_and_lines_that_come_and_go_are_told()
    {
        var after = Changed(track =>
        {
            var steps = track["root"]!["activities"]!.AsArray();
            steps.Add(
                new JsonObject
                {
                    ["id"] = "extra",
                    ["name"] = "Extra",
                    ["type"] = "Nurture.ExitTrack",
                }
            );
            var line = track["root"]!["connections"]!
                .AsArray()
                .First(line => (string?)line!["source"]!["activity"] == "answer");
            line!["target"]!["activity"] = "extra";
        });
        var differences = TrackDifferences.Between(Shipped, after).Select(difference => difference.English).ToList();

        Assert.Contains("There is a new step “Extra” (Exit track).", differences);
        Assert.Contains(
            differences,
            text =>
                text.StartsWith("After “An answer?” (", StringComparison.Ordinal)
                && text.Contains("comes “Extra” instead of", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Where_steps_stand_and_in_which_order_they_are_listed_is_no_difference()
    {
        var after = Changed(track =>
        {
            var root = track["root"]!;
            root["activities"] = new JsonArray([
                .. root["activities"]!.AsArray().Reverse().Select(step => step!.DeepClone()),
            ]);
            root["activities"]![0]!["metadata"]!["designer"]!["position"]!["x"] = 7;
        });

        Assert.Empty(TrackDifferences.Between(Shipped, after));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData(
        """{"root":{"type":"Elsa.Flowchart","activities":[{"id":1},null,{"id":"a","type":"Elsa.Unknown"}],"connections":[{}]}}"""
    )]
    [InlineData("""{"root":[],"customProperties":[],"variables":{}}""")]
    public void A_faulty_definition_is_compared_too(string faulty)
    {
        Assert.NotEmpty(TrackDifferences.Between(Shipped, faulty));
        Assert.NotEmpty(TrackDifferences.Between(faulty, Shipped));
        Assert.Empty(TrackDifferences.Between(faulty, faulty));
    }

    private static string Changed(Action<JsonNode> change)
    {
        var track = JsonNode.Parse(Shipped)!;
        change(track);
        return track.ToJsonString();
    }

    private static JsonNode Step(JsonNode track, string type) =>
        track["root"]!["activities"]!.AsArray().First(step => (string?)step!["type"] == type)!;

    private static void Input(JsonNode step, string name, string value) => step[name]!["expression"]!["value"] = value;
}
