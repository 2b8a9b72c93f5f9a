using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;
using NurtureEngine.Core.Tracks;
using NurtureEngine.Core.Tracks.Activities;
using NurtureEngine.Core.Tracks.Definitions;

namespace NurtureEngine.Core.Tests.Tracks;

/// <summary>
/// A flow in one line, such as <c>T&gt;D D.True&gt;A D.False&gt;B | D decision true; B delay 1h</c>: connections, then what each
/// step is; a step that is not named writes its name. T is the trigger: a stage, or <c>T created</c>.
/// </summary>
internal sealed class FlowScenario
{
    private readonly Dictionary<string, string[]> _kinds;

    private FlowScenario(string kinds)
    {
        _kinds = kinds
            .Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(kind => kind.Split(' ', 3))
            .ToDictionary(words => words[0], words => words[1..], StringComparer.Ordinal);
    }

    /// <summary>The compiled flow; the faults where it is not sound.</summary>
    public static Track? Compile(
        string connections,
        string kinds,
        out IReadOnlyList<string> faults,
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
            ["definitionId"] = "scenario",
            ["name"] = "Scenario",
            ["customProperties"] = new JsonObject { ["nurture"] = nurture },
            ["variables"] = new JsonArray(new JsonObject { ["id"] = "v", ["name"] = "v" }),
            ["root"] = new FlowScenario(kinds).Flowchart("root", connections, hasTrigger: true),
        };
        var context = new CompileContext(
            Rulebooks.Default,
            new Dictionary<string, string> { ["hello"] = "email" }.ToFrozenDictionary(),
            LifeCycle: null
        );
        var track = TrackCompiler.TryCompile(JsonSerializer.SerializeToUtf8Bytes(definition), context, out var found);
        faults = [.. found.Select(fault => $"{fault.Place}: {fault.Message}")];
        return track;
    }

    private JsonObject Flowchart(string id, string text, bool hasTrigger)
    {
        var arrows = text.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(arrow => (From: arrow.Split('>')[0].Split('.'), To: arrow.Split('>').ElementAtOrDefault(1)))
            .ToList();
        var names = arrows
            .SelectMany(arrow => new[] { arrow.From[0], arrow.To })
            .OfType<string>()
            .Distinct()
            .Select(name => (JsonNode)(hasTrigger && name == "T" ? Trigger() : Step(name)));
        var connections = arrows
            .Where(arrow => arrow.To is not null)
            .Select(arrow =>
                (JsonNode)
                    new JsonObject
                    {
                        ["source"] = new JsonObject
                        {
                            ["activity"] = arrow.From[0],
                            ["port"] = arrow.From.ElementAtOrDefault(1),
                        },
                        ["target"] = new JsonObject { ["activity"] = arrow.To },
                    }
            );
        return new JsonObject
        {
            ["id"] = id,
            ["type"] = "Elsa.Flowchart",
            ["activities"] = new JsonArray([.. names]),
            ["connections"] = new JsonArray([.. connections]),
        };
    }

    private JsonObject Trigger() =>
        _kinds.ContainsKey("T")
            ? new() { ["id"] = "T", ["type"] = "Nurture.LeadCreated" }
            : new()
            {
                ["id"] = "T",
                ["type"] = "Nurture.LeadStageChanged",
                ["stage"] = Literal("MQL"),
            };

    private JsonObject Step(string name)
    {
        var words = _kinds.GetValueOrDefault(name, ["line"]);
        var rest = words.ElementAtOrDefault(1) ?? "";
        var step = words[0] switch
        {
            "line" => Of("Elsa.WriteLine", ("text", Literal(name))),
            "merge" => Of("Elsa.WriteLine", ("customProperties", new JsonObject { ["mergeMode"] = rest })),
            "marked" => Of("Elsa.WriteLine", ("customProperties", new JsonObject { ["canStartWorkflow"] = true })),
            "decision" => Of(
                "Elsa.FlowDecision",
                ("condition", rest is "true" or "false" ? Literal(rest) : Scriban(rest))
            ),
            "fork" => Of("Elsa.FlowFork", ("branches", List(rest))),
            "join" => Of("Elsa.FlowJoin", ("mode", Literal(rest))),
            "delay" => Of("Elsa.Delay", ("timeSpan", Literal(rest))),
            "slot" => Of(
                "Nurture.WaitForSlot",
                ("time", Literal(rest.Split(' ')[0])),
                ("days", List(rest.Split(' ')[1]))
            ),
            "reply" => Of("Nurture.WaitForReply", ("timeout", Literal(rest))),
            "engage" => Of(
                "Nurture.WaitForEngagement",
                ("engagement", Literal(rest.Split(' ')[0])),
                ("timeout", Literal(rest.Split(' ')[1]))
            ),
            "await" => Of(
                "Nurture.WaitForEvent",
                ("behaviour", Literal(rest.Split(' ')[0])),
                ("about", Literal(rest.Split(' ')[1])),
                ("timeout", Literal(rest.Split(' ')[2]))
            ),
            "score" => Of("Nurture.AdjustScore", ("by", Literal(rest))),
            "evidence" => Of("Nurture.AddEvidence", ("criterion", Literal(rest)), ("fact", Literal("told us"))),
            "criterion" => Of("Nurture.BranchByCriterion", ("criterion", Literal(rest))),
            "move" => Of("Nurture.MoveToTrack", ("track", Literal(rest))),
            "hear" => Of("Elsa.Event", ("eventName", Literal(rest))),
            "mail" => Of("Nurture.SendEmail", ("templateId", Literal("hello"))),
            "switch" => Of("Elsa.FlowSwitch", ("cases", Cases(rest)), ("mode", Literal("MatchAny"))),
            "set" => Of("Elsa.SetVariable", ("variable", JsonValue.Create("v")), ("value", Literal(rest))),
            "sequence" => Of("Elsa.Sequence", ("activities", new JsonArray([.. rest.Split(',').Select(Step)]))),
            "flow" => Flowchart(name, rest.Replace(',', ' '), hasTrigger: false),
            "if" => Of(
                "Elsa.If",
                ("condition", Literal(rest.Split(' ')[0])),
                ("then", Step(rest.Split(' ')[1])),
                ("else", rest.Split(' ').Length > 2 ? Step(rest.Split(' ')[2]) : null)
            ),
            "role" => Of("Nurture.BranchByRole", ("roles", List(rest))),
            "call" => Of("Nurture.CreateCallTask", ("subject", Literal(name)), ("dueIn", Literal(rest))),
            "tier" => Of("Nurture.BranchByTier"),
            "stage" => Of("Nurture.BranchByStage"),
            "size" => Of("Nurture.BranchByCompanySize"),
            "split" => Of("Nurture.SplitTest", ("arms", List(rest))),
            "exit" => Of("Nurture.ExitTrack", ("reason", Literal(rest))),
            "goal" => Of("Nurture.Goal"),
            var type => Of("Elsa." + char.ToUpperInvariant(type[0]) + type[1..]),
        };
        (step["id"], step["name"]) = (name, name);
        return step;
    }

    private static JsonObject Of(string type, params (string Name, JsonNode? Value)[] inputs)
    {
        var step = new JsonObject { ["type"] = type };
        foreach (var (name, value) in inputs)
        {
            step[name] = value;
        }

        return step;
    }

    private static JsonObject Literal(string value) => Expression("Literal", value);

    private static JsonObject Scriban(string value) => Expression("Scriban", value);

    private static JsonObject List(string words) => Expression("Object", JsonSerializer.Serialize(words.Split(',')));

    // "One=true,Two=false"
    private static JsonArray Cases(string text) =>
        new([
            .. text.Split(',')
                .Select(part =>
                    (JsonNode)
                        new JsonObject
                        {
                            ["label"] = part.Split('=')[0],
                            ["condition"] = new JsonObject { ["type"] = "Literal", ["value"] = part.Split('=')[1] },
                        }
                ),
        ]);

    private static JsonObject Expression(string type, string value) =>
        new()
        {
            ["expression"] = new JsonObject { ["type"] = type, ["value"] = value },
        };
}
