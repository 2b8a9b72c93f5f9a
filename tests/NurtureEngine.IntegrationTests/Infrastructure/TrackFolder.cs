using System.Text.Json.Nodes;

namespace NurtureEngine.IntegrationTests.Infrastructure;

/// <summary>A folder of track definitions that a test writes.</summary>
internal sealed class TrackFolder(string purpose) : IDisposable
{
    public string Path { get; } = TestFolder.New(purpose);

    public void Dispose() => TestFolder.Delete(Path);

    /// <summary>Writes a track: its steps, arrows such as <c>a.Port&gt;b</c>, and settings. T is the trigger; without one, the stage MQL.</summary>
    public async Task PublishAsync(
        JsonObject[] steps,
        string connections,
        JsonObject? trigger = null,
        string id = "track",
        params (string Name, JsonNode Value)[] settings
    )
    {
        var nurture = new JsonObject { ["type"] = "drip" };
        foreach (var (name, value) in settings)
        {
            nurture[name] = value;
        }

        var definition = new JsonObject
        {
            ["definitionId"] = id,
            ["name"] = "Track",
            ["isPublished"] = true,
            ["variables"] = new JsonArray(new JsonObject { ["id"] = "v", ["name"] = "v" }),
            ["customProperties"] = new JsonObject { ["nurture"] = nurture },
            ["root"] = new JsonObject
            {
                ["id"] = "root",
                ["type"] = "Elsa.Flowchart",
                ["activities"] = new JsonArray([
                    trigger ?? Step("T", "Nurture.LeadStageChanged", ("stage", Literal("MQL"))),
                    .. steps,
                ]),
                ["connections"] = new JsonArray([
                    .. connections
                        .Split(' ')
                        .Select(arrow => arrow.Split('>'))
                        .Select(ends =>
                            (JsonNode)
                                new JsonObject
                                {
                                    ["source"] = new JsonObject
                                    {
                                        ["activity"] = ends[0].Split('.')[0],
                                        ["port"] = ends[0].Split('.').ElementAtOrDefault(1),
                                    },
                                    ["target"] = new JsonObject { ["activity"] = ends[1] },
                                }
                        ),
                ]),
            },
        };
        await File.WriteAllTextAsync(System.IO.Path.Combine(Path, $"{id}.json"), definition.ToJsonString());
    }

    public static JsonObject Step(string id, string type, params (string Name, JsonNode Value)[] inputs)
    {
        var step = new JsonObject { ["id"] = id, ["type"] = type };
        foreach (var (name, value) in inputs)
        {
            step[name] = value;
        }

        return step;
    }

    public static JsonObject Literal(string value) => Expression("Literal", value);

    public static JsonObject Expression(string type, string value) =>
        new()
        {
            ["expression"] = new JsonObject { ["type"] = type, ["value"] = value },
        };
}
