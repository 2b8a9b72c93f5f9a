using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;
using NurtureEngine.Core.Tracks.Activities;
using NurtureEngine.Core.Tracks.Definitions;

namespace NurtureEngine.Core.Tests.Tracks;

/// <summary>What the designer shows as an example can be drawn: it compiles as it stands.</summary>
public sealed class ActivityExampleTests
{
    public static TheoryData<string> Types => [.. ActivityTypes.All.Keys];

    [Theory]
    [MemberData(nameof(Types))]
    public void An_example_compiles_as_it_stands(string typeName)
    {
        var type = ActivityTypes.All[typeName];
        Assert.All(
            type.Example.Inputs,
            input => Assert.Contains(type.Inputs, known => known.Name == input.Name && input.Value.Length > 0)
        );
        Assert.True(type.Inputs.IsEmpty || type.Example.Inputs.Count > 0, "An activity with inputs shows some.");

        TrackCompiler.TryCompile(JsonSerializer.SerializeToUtf8Bytes(DefinitionWith(type)), Context, out var faults);

        // A flowchart of its own is drawn, not filled in.
        Assert.All(
            faults.Where(fault => fault.Place.Contains("Example", StringComparison.Ordinal)),
            fault => Assert.Equal("The flowchart is empty.", fault.Message)
        );
    }

    private static CompileContext Context { get; } =
        new(
            Rulebooks.Default,
            new Dictionary<string, string> { ["welcome-benchmark"] = "email" }.ToFrozenDictionary(),
            LifeCycle: null
        )
        {
            Pools = ["tuesday-letter"],
        };

    private static JsonObject DefinitionWith(ActivityType type)
    {
        var example = new JsonObject
        {
            ["id"] = "example",
            ["name"] = "Example",
            ["type"] = type.TypeName,
        };
        foreach (var input in type.Example.Inputs)
        {
            example[input.Name] = WrittenAs(type.Inputs.Single(known => known.Name == input.Name), input.Value);
        }

        var trigger = new JsonObject { ["id"] = "start", ["type"] = "Nurture.LeadCreated" };
        var connection = JsonNode.Parse("""{"source":{"activity":"start"},"target":{"activity":"example"}}""");
        return new JsonObject
        {
            ["definitionId"] = "test",
            ["name"] = "Test",
            ["customProperties"] = new JsonObject
            {
                ["nurture"] = new JsonObject { ["type"] = "drip", ["timeLimit"] = "60d" },
            },
            ["variables"] = new JsonArray(new JsonObject { ["id"] = "choice", ["name"] = "choice" }),
            ["root"] = new JsonObject
            {
                ["id"] = "flow",
                ["type"] = "Elsa.Flowchart",
                ["activities"] = type.IsTrigger ? new JsonArray(example) : new JsonArray(trigger, example),
                ["connections"] = type.IsTrigger ? [] : new JsonArray(connection),
            },
        };
    }

    // As the designer writes it.
    private static JsonObject WrittenAs(ActivityInput input, string value) =>
        input.Shape switch
        {
            InputShape.List or InputShape.Ports => Wrapped("Object", JsonSerializer.Serialize(value.Split(", "))),
            InputShape.Cases => Wrapped(
                "Object",
                JsonSerializer.Serialize(
                    value
                        .Split(", ")
                        .Select(one => one.Split(": "))
                        .Select(one => new { label = one[0], condition = new { type = "Scriban", value = one[1] } })
                )
            ),
            _ => Wrapped(input.Name == "condition" ? "Scriban" : "Literal", value),
        };

    private static JsonObject Wrapped(string type, string value) =>
        new()
        {
            ["expression"] = new JsonObject { ["type"] = type, ["value"] = value },
        };
}
