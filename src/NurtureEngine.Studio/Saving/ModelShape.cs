using System.Text.Json.Nodes;
using NurtureEngine.Core.Diagnostics;
using NurtureEngine.Core.Tracks.Definitions;

namespace NurtureEngine.Studio.Saving;

/// <summary>Whether a model has the form by which the designer, and whoever reads a draft later, finds its parts. What it says is checked elsewhere.</summary>
internal static class ModelShape
{
    private const int MaxNested = 20;

    private static readonly string[] Objects = ["customProperties", "metadata", "options"];

    private static readonly string[] Lists = ["variables", "inputs", "outputs", "activities", "connections"];

    /// <summary>Why it can't be stored; null if it can.</summary>
    public static string? FaultOf(JsonObject model) =>
        model["root"] is not JsonObject root || !ActivityNodes.IsActivity(root) ? SaveSentences.NoModel
        : $"{root["type"]}" != "Elsa.Flowchart" ? SaveSentences.OnlyFlowcharts
        : string.IsNullOrWhiteSpace(ModelBody.TextOf(model, "name")) ? SaveSentences.NoName
        : ModelBody.TextOf(model, "definitionId")?.Length > JsonShape.MaxId ? SaveSentences.IdTooLong
        : (PlaceOf(model, "model") ?? PlaceOfActivity(root, "root", depth: 0)) is { } place
            ? SaveSentences.Malformed(place)
        : null;

    private static string? PlaceOf(JsonObject some, string at) =>
        Objects.FirstOrDefault(name => some[name] is not (null or JsonObject)) is { } wrong ? $"{at}/{wrong}"
        : Lists.FirstOrDefault(name => some[name] is not (null or JsonArray)) is { } list ? $"{at}/{list}"
        : Lists
            .Where(name => some[name] is JsonArray items && items.Any(item => item is not JsonObject))
            .Select(name => $"{at}/{name}")
            .FirstOrDefault();

    private static string? PlaceOfActivity(JsonObject activity, string at, int depth)
    {
        if (depth > MaxNested || !IsText(activity["id"]) || !IsText(activity["type"]))
        {
            return at;
        }

        if (PlaceOf(activity, at) is { } place)
        {
            return place;
        }

        if (activity["metadata"]?["designer"] is not (null or JsonObject))
        {
            return $"{at}/metadata/designer";
        }

        var lines = (activity["connections"] as JsonArray ?? []).OfType<JsonObject>();
        if (lines.Any(line => line["source"] is not JsonObject || line["target"] is not JsonObject))
        {
            return $"{at}/connections";
        }

        return ActivityNodes
            .ChildrenOf(activity)
            .Concat((activity["activities"] as JsonArray ?? []).OfType<JsonObject>())
            .Distinct()
            .Select((child, index) => PlaceOfActivity(child, $"{at}/activities/{index}", depth + 1))
            .FirstOrDefault(found => found is not null);
    }

    private static bool IsText(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out _);
}
