using System.Text.Json.Nodes;

namespace NurtureEngine.Core.Tracks.Definitions;

/// <summary>The activities of a definition that is changed as JSON.</summary>
public static class ActivityNodes
{
    /// <summary>The activities directly within one: those of its list, and those that are members of their own, such as the branches of an If.</summary>
    public static IReadOnlyList<JsonObject> ChildrenOf(JsonObject activity) =>
        [
            .. activity.SelectMany(member =>
                member.Value switch
                {
                    JsonArray list when member.Key == "activities" => list.OfType<JsonObject>(),
                    JsonObject child when IsActivity(child) => [child],
                    _ => Enumerable.Empty<JsonObject>(),
                }
            ),
        ];

    /// <summary>All activities within one, at whatever depth.</summary>
    public static IEnumerable<JsonObject> AllWithin(JsonObject activity) =>
        ChildrenOf(activity).SelectMany(child => AllWithin(child).Prepend(child));

    /// <summary>Whether a node is an activity: an object with an id and a type.</summary>
    public static bool IsActivity(JsonNode? node) =>
        node is JsonObject some && some["id"] is JsonValue && some["type"] is JsonValue;
}
