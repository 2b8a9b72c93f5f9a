using System.Collections.Frozen;
using System.Text;
using System.Text.Json.Nodes;
using NurtureEngine.Core.Tracks.Activities;
using NurtureEngine.Core.Tracks.Definitions;

namespace NurtureEngine.Core.Tests.Tracks;

public sealed class TrackCompilerTests
{
    [Fact]
    public void A_definition_as_Studio_saves_it_compiles()
    {
        var track = TrackCompiler.TryCompile(Encoding.UTF8.GetBytes(Sound().ToJsonString()), Context, out var faults);

        Assert.Empty(faults);
        Assert.Equal(("test", 5), (track!.DefinitionId, track.Steps.Count));
    }

    [Fact]
    public void All_faults_come_back_at_once()
    {
        var definition = Sound();
        Step(definition, 0)["stage"] = Literal("Champion");
        Step(definition, 1)["templateId"] = Literal("missing");
        Step(definition, 2)["timeSpan"] = Literal("2 hous");
        definition["customProperties"]!["nurture"]!["priority"] = 500;

        Assert.Equal(4, Faults(definition).Length);
    }

    public static TheoryData<string, Action<JsonObject>> Faulty =>
        new()
        {
            { "#/definitionId: 'definitionId' is missing", d => d.Remove("definitionId") },
            {
                "#/definitionId: 'definitionId' has 300 characters; expected at most 200",
                d => d["definitionId"] = new string('x', 300)
            },
            { "'id' has 300 characters; expected at most 200", d => Step(d, 1)["id"] = new string('x', 300) },
            { "#/customProperties/nurture: 'nurture' is missing", d => d["customProperties"] = new JsonObject() },
            {
                "#/customProperties/nurture/type: 'type' 'spam' is not known",
                d => d["customProperties"]!["nurture"]!["type"] = "spam"
            },
            {
                "#/customProperties/nurture/colour: 'colour' is not known here",
                d => d["customProperties"]!["nurture"]!["colour"] = "red"
            },
            {
                "'exitStages' 'Champion' is no stage",
                d => d["customProperties"]!["nurture"]!["exitStages"] = new JsonArray("Champion")
            },
            {
                "#/customProperties/nurture/expectedRates/opened: 'opened' is 250; expected 0 to 100",
                d => d["customProperties"]!["nurture"]!["expectedRates"] = new JsonObject { ["opened"] = 250 }
            },
            {
                "#/customProperties/nurture/expectedRates/sent: 'sent' is not known here",
                d => d["customProperties"]!["nurture"]!["expectedRates"] = new JsonObject { ["sent"] = 1 }
            },
            {
                "#/customProperties/nurture/outcomes/Champion: 'Champion' is no stage of life cycle",
                d => d["customProperties"]!["nurture"]!["outcomes"] = new JsonObject { ["Champion"] = "success" }
            },
            {
                "#/customProperties/nurture/outcomes/MQL: 'MQL' 'great' is not",
                d => d["customProperties"]!["nurture"]!["outcomes"] = new JsonObject { ["MQL"] = "great" }
            },
            { "'sender' 'nobody' is no sender", d => d["customProperties"]!["nurture"]!["sender"] = "nobody" },
            { "#/root/type: 'type' 'Elsa.Sequence' can't be run", d => d["root"]!["type"] = "Elsa.Sequence" },
            { "step 'Mail': The activity 'Nurture.Pigeon' is not known", d => Step(d, 1)["type"] = "Nurture.Pigeon" },
            {
                "step 'Mail': 'branches' '[\"\\ud800\"]' is no list",
                d =>
                {
                    Step(d, 1)["type"] = "Elsa.FlowFork";
                    Step(d, 1)["branches"] = Literal("[\\\"\\\\ud800\\\"]");
                }
            },
            { "step 'Mail': 'templateId' is missing.", d => Step(d, 1).Remove("templateId") },
            {
                "step 'Mail': 'templateId' 'card' is content for wechat",
                d => Step(d, 1)["templateId"] = Literal("card")
            },
            {
                "step 'Mail': 'templateId' is an expression of type 'JavaScript'",
                d => Step(d, 1)["templateId"]!["expression"]!["type"] = "JavaScript"
            },
            {
                "step 'Pause': 'timeSpan' '2 hous' is no duration; write '30m', '2h', '3d' or '3.00:00:00'.",
                d => Step(d, 2)["timeSpan"] = Literal("2 hous")
            },
            { "step 'Pause': 'timeSpan' '0s' is no duration", d => Step(d, 2)["timeSpan"] = Literal("0s") },
            {
                "step 'Start': 'stage' 'Champion' is no stage of life cycle 'customer'",
                d => Step(d, 0)["stage"] = Literal("Champion")
            },
            { "step 'Start': 'lifeCycle' 'x' is no life cycle", d => Step(d, 0)["lifeCycle"] = Literal("x") },
            {
                "step 'Pause': 'time' '9.30' is no time of day; expected hours and minutes such as 09:30.",
                d => Slot(d, "9.30", "Mon")
            },
            { "step 'Pause': 'time' '' is no time of day", d => Slot(d, "", "Mon") },
            {
                "step 'Pause': 'days' 'Mo' is no day; expected Mon, Tue, Wed, Thu, Fri, Sat or Sun.",
                d => Slot(d, "09:30", "Mo")
            },
            { "step 'Pause': 'days' 'None' is no day", d => Slot(d, "09:30", "None") },
            { "names 'nowhere', which is no activity", d => Connect(d, "mail", "nowhere") },
            {
                "step 'Mail': A connection leaves by port 'Sent'; expected Done.",
                d => Connections(d)[1]!["source"]!["port"] = "Sent"
            },
            {
                "step 'End': A connection leaves by port 'Done'; expected none, since it ends the flow.",
                d => Connect(d, "end", "mail")
            },
            {
                "step 'Start': The stage 'MQL' is an exit stage of the track too",
                d => d["customProperties"]!["nurture"]!["exitStages"] = new JsonArray("MQL")
            },
            { "step 'Start': A trigger starts the track", d => Connect(d, "mail", "start") },
            { "step 'Pause': No connection leads here from a trigger", d => Connections(d).RemoveAt(1) },
            {
                "step 'Start': The trigger is switched off",
                d => Step(d, 0)["customProperties"] = new JsonObject { ["canStartWorkflow"] = false }
            },
            { "#: A text holds a NUL character", d => Step(d, 1)["metadata"] = new JsonObject { ["x"] = "a\0" } },
            { "root: The flowchart has no trigger", d => d["root"]!["activities"]!.AsArray().RemoveAt(0) },
            { "The id 'mail' is used by more than one activity.", d => Step(d, 2)["id"] = "mail" },
        };

    [Theory]
    [MemberData(nameof(Faulty))]
    public void A_fault_is_named_with_its_place_and_what_was_expected(string expected, Action<JsonObject> spoil)
    {
        var definition = Sound();
        spoil(definition);

        Assert.Contains(Faults(definition), fault => fault.Contains(expected, StringComparison.Ordinal));
    }

    private static CompileContext Context { get; } =
        new(
            Rulebooks.Default,
            new Dictionary<string, string> { ["hello"] = "email", ["card"] = "wechat" }.ToFrozenDictionary(),
            LifeCycle: null
        );

    private static string[] Faults(JsonObject definition)
    {
        var track = TrackCompiler.TryCompile(
            Encoding.UTF8.GetBytes(definition.ToJsonString()),
            Context,
            out var faults
        );
        Assert.Null(track);
        return [.. faults.Select(fault => $"{fault}")];
    }

    private static void Slot(JsonObject definition, string time, string day)
    {
        var step = Step(definition, 2);
        (step["type"], step["time"]) = ("Nurture.WaitForSlot", Literal(time));
        step["days"] = new JsonArray(day);
    }

    private static JsonObject Step(JsonObject definition, int index) =>
        definition["root"]!["activities"]![index]!.AsObject();

    private static JsonArray Connections(JsonObject definition) => definition["root"]!["connections"]!.AsArray();

    private static void Connect(JsonObject definition, string from, string to) =>
        Connections(definition)
            .Add(
                JsonNode.Parse(
                    $$$"""{"source":{"activity":"{{{from}}}","port":"Done"},"target":{"activity":"{{{to}}}","port":"In"}}"""
                )
            );

    private static JsonNode Literal(string value) =>
        JsonNode.Parse($$$"""{"typeName":"String","expression":{"type":"Literal","value":"{{{value}}}"}}""")!;

    private static JsonObject Sound() =>
        JsonNode
            .Parse(
                """
                {
                  "definitionId": "test", "name": "Test",
                  "customProperties": { "nurture": { "type": "welcome", "exitStages": ["SQL"] } },
                  "root": {
                    "id": "flow", "type": "Elsa.Flowchart",
                    "activities": [
                      { "id": "start", "name": "Start", "type": "Nurture.LeadStageChanged", "stage": { "expression": { "type": "Literal", "value": "MQL" } } },
                      { "id": "mail", "name": "Mail", "type": "Nurture.SendEmail", "templateId": { "typeName": null, "expression": { "type": "Literal", "value": "hello" }, "memoryReference": null } },
                      { "id": "pause", "name": "Pause", "type": "Elsa.Delay", "timeSpan": { "expression": { "type": "Literal", "value": "3.00:00:00" } } },
                      { "id": "end", "name": "End", "type": "Elsa.End" }
                    ],
                    "connections": [
                      { "source": { "activity": "start", "port": "Done" }, "target": { "activity": "mail", "port": "In" } },
                      { "source": { "activity": "mail", "port": "Done" }, "target": { "activity": "pause", "port": "In" } },
                      { "source": { "activity": "pause", "port": null }, "target": { "activity": "end", "port": "In" } }
                    ]
                  }
                }
                """
            )!
            .AsObject();
}
