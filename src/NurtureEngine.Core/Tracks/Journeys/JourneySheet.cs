using System.Text.Json.Nodes;
using NurtureEngine.Core.Tracks.Activities;
using NurtureEngine.Core.Tracks.Definitions;

namespace NurtureEngine.Core.Tracks.Journeys;

/// <summary>The journey sentences of a definition, faulty or not, as people write them.</summary>
public static class JourneySheet
{
    /// <summary>The steps that reach the lead, in the order of the definition, with what is written of each.</summary>
    public static IReadOnlyList<JourneyLine> Of(string definition) =>
        [
            .. Steps(JsonNode.Parse(definition)!.AsObject())
                .Select(step => new JourneyLine(
                    $"{step["id"]}",
                    LabelOf(step),
                    ActivityTypes.All[$"{step["type"]}"],
                    WordsOf((step["customProperties"] as JsonObject)?["nurture"] as JsonObject)
                )),
        ];

    /// <summary>The definition with another sentence at one step; null takes it away. Null where there is no such step.</summary>
    public static string? With(string definition, string step, Journey? journey)
    {
        var changed = JsonNode.Parse(definition)!.AsObject();
        if (Steps(changed).FirstOrDefault(one => $"{one["id"]}" == step) is not { } found)
        {
            return null;
        }

        var own = Within(Within(found, "customProperties"), "nurture");
        own.Remove("journey");
        if (journey is not null)
        {
            own["journey"] = new JsonObject
            {
                ["stage"] = journey.Stage,
                ["cognition"] = journey.Cognition,
                ["segment"] = Node(journey.Segment),
                ["thinks"] = Node(journey.Thinks),
                ["feels"] = Node(journey.Feels),
                ["does"] = Node(journey.Does),
                ["to"] = journey.To,
            };
        }

        return changed.ToJsonString();
    }

    private static IEnumerable<JsonObject> Steps(JsonObject definition) =>
        definition["root"] is JsonObject root
            ? ActivityNodes
                .AllWithin(root)
                .Where(step => ActivityTypes.All.GetValueOrDefault($"{step["type"]}")?.ReachesLead == true)
            : [];

    private static string LabelOf(JsonObject step)
    {
        var label = $"{(step["metadata"] as JsonObject)?["displayText"]}";
        return label.Length > 0 ? label : $"{step["name"] ?? step["id"]}";
    }

    private static JourneyWords WordsOf(JsonObject? own)
    {
        var journey = own?["journey"] as JsonObject;
        return new JourneyWords
        {
            Stage = $"{journey?["stage"]}",
            Cognition = $"{journey?["cognition"]}",
            Segment = Text("segment"),
            Thinks = Text("thinks"),
            Feels = Text("feels"),
            Does = Text("does"),
            To = $"{journey?["to"]}",
        };

        LocalisedText Text(string name)
        {
            var text = journey?[name] as JsonObject;
            return new LocalisedText($"{text?["en"]}", $"{text?["zh-CN"]}");
        }
    }

    private static JsonObject Within(JsonObject outer, string name)
    {
        if (outer[name] is not JsonObject inner)
        {
            outer[name] = inner = [];
        }

        return inner;
    }

    private static JsonObject Node(LocalisedText text) => new() { ["en"] = text.English, ["zh-CN"] = text.Chinese };
}

/// <summary>A step that reaches the lead, and why it is there.</summary>
/// <param name="Step">The step's id.</param>
/// <param name="Label">What people call it.</param>
/// <param name="Activity">What kind of step it is.</param>
/// <param name="Words">What is written.</param>
public sealed record JourneyLine(string Step, string Label, ActivityType Activity, JourneyWords Words)
{
    /// <summary>By which channel it reaches the lead, for its sentence.</summary>
    public LocalisedText Channel => Activity.Category == ActivityCategory.Messages ? Journey.ByMail : Journey.ByPerson;
}
