using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using NurtureEngine.Core.Tracks.Drafts;
using NurtureEngine.IntegrationTests.Infrastructure;

namespace NurtureEngine.BrowserTests;

/// <summary>A track of as many steps as anyone draws: a trigger, and waits one after the other.</summary>
internal static class LongTrack
{
    public static async Task SaveAsync(TestHost host, int steps)
    {
        var drafts = host.Services.GetRequiredService<ITrackDrafts>();
        var activities = Enumerable.Range(0, steps).Select(Step).ToArray<JsonNode>();
        var lines = Enumerable
            .Range(1, steps - 1)
            .Select(number =>
                (JsonNode)
                    new JsonObject
                    {
                        ["source"] = new JsonObject { ["activity"] = $"s{number - 1}", ["port"] = "Done" },
                        ["target"] = new JsonObject { ["activity"] = $"s{number}", ["port"] = "In" },
                    }
            )
            .ToArray();
        var track = new JsonObject
        {
            ["definitionId"] = "long",
            ["name"] = "Long",
            ["customProperties"] = new JsonObject { ["nurture"] = new JsonObject { ["type"] = "drip" } },
            ["root"] = new JsonObject
            {
                ["id"] = "flow",
                ["type"] = "Elsa.Flowchart",
                ["version"] = 1,
                ["activities"] = new JsonArray(activities),
                ["connections"] = new JsonArray(lines),
            },
        };
        await drafts.SaveAsync(
            await drafts.FindAsync("long", CancellationToken.None),
            "long",
            track.ToJsonString(),
            new DraftAuthor("bea", Editor: null),
            CancellationToken.None
        );
    }

    private static JsonObject Step(int number) =>
        new()
        {
            ["id"] = $"s{number}",
            ["name"] = $"Step{number}",
            ["type"] = number == 0 ? "Nurture.LeadCreated" : "Elsa.Delay",
            ["version"] = 1,
            ["customProperties"] = new JsonObject { ["canStartWorkflow"] = number == 0 },
            ["metadata"] = new JsonObject
            {
                ["designer"] = new JsonObject
                {
                    ["position"] = new JsonObject { ["x"] = number % 20 * 260, ["y"] = number / 20 * 120 },
                    ["size"] = new JsonObject { ["width"] = 200, ["height"] = 54 },
                },
            },
            ["timeSpan"] =
                number == 0
                    ? null
                    : new JsonObject
                    {
                        ["expression"] = new JsonObject { ["type"] = "Literal", ["value"] = "1d" },
                    },
        };
}
