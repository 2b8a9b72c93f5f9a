using System.Text.Json.Nodes;
using NurtureEngine.Core.Tracks.Activities;
using NurtureEngine.Core.Tracks.Maps;

namespace NurtureEngine.Core.Tests.Tracks;

public sealed class TrackMapTests
{
    private static string Shipped { get; } =
        File.ReadAllText(Path.Combine(Repository.Root, "workflows", "welcome.json"));

    [Fact]
    public void Steps_stand_as_they_were_drawn_within_the_picture()
    {
        var map = TrackMap.Of(Shipped);
        var (known, asked) = (map.Steps.Single(s => s.Id == "becomes-known"), map.Steps.Single(s => s.Id == "answer"));

        Assert.Equal(3640, asked.X - known.X);
        Assert.Equal(asked.Y, known.Y);
        Assert.Equal(("Becomes known", ActivityCategory.Triggers), (known.Label, known.Category));
        Assert.All(map.Steps, step => Assert.InRange(step.X, 0, map.Width - TrackMap.StepWidth));
        Assert.All(map.Steps, step => Assert.InRange(step.Y, 0, map.Height - TrackMap.StepHeight));
        Assert.Contains(new MapLine("answer", "Replied", "read-answer"), map.Lines);
    }

    [Fact]
    public void Steps_that_were_never_placed_stand_behind_each_other_also_on_a_loop()
    {
        var map = TrackMap.Of(
            """
            {"root":{"id":"f","type":"Elsa.Flowchart","activities":[{"id":"a","type":"Elsa.Start"},{"id":"b","type":"Elsa.Delay"},{"id":"c","type":"Elsa.End"}],
             "connections":[{"source":{"activity":"a"},"target":{"activity":"b"}},{"source":{"activity":"b"},"target":{"activity":"c"}},
                            {"source":{"activity":"c"},"target":{"activity":"b"}},{"source":{"activity":"c"},"target":{"activity":"gone"}}]}}
            """
        );

        Assert.Equal(["a", "b", "c"], map.Steps.OrderBy(step => step.X).Select(step => step.Id));
        Assert.Equal(3, map.Steps.Select(step => step.X).Distinct().Count());
        Assert.Equal(3, map.Lines.Count);
    }

    [Fact]
    public void A_container_stands_for_the_steps_within_it_and_an_empty_track_is_an_empty_picture()
    {
        var track = JsonNode.Parse(Shipped)!;
        var inner = track["root"]!["activities"]!.AsArray();
        var outer = new JsonObject
        {
            ["id"] = "box",
            ["type"] = "Elsa.Sequence",
            ["activities"] = new JsonArray([.. inner.Take(2).Select(step => step!.DeepClone())]),
        };
        track["root"]!["activities"] = new JsonArray(outer);

        Assert.Equal(
            inner.Take(2).Select(step => (string)step!["id"]!),
            Assert.Single(TrackMap.Of(track.ToJsonString()).Steps).Within
        );
        Assert.Empty(TrackMap.Of("""{"root":{"id":"f","type":"Elsa.Flowchart"}}""").Steps);
    }
}
