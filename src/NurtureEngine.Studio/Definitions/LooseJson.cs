using System.Text.Json;
using System.Text.Json.Nodes;

namespace NurtureEngine.Studio.Definitions;

/// <summary>Compares JSON as Elsa Studio means it: an absent member, null, and an empty list or object are the same, and 40 is 40.0.</summary>
internal static class LooseJson
{
    public static bool Same(JsonNode? one, JsonNode? other) =>
        (one, other) switch
        {
            _ when IsNothing(one) || IsNothing(other) => IsNothing(one) && IsNothing(other),
            (JsonObject first, JsonObject second) => first
                .Select(member => member.Key)
                .Union(second.Select(member => member.Key))
                .All(name => Same(first[name], second[name])),
            (JsonArray first, JsonArray second) => first.Count == second.Count
                && first.Zip(second).All(pair => Same(pair.First, pair.Second)),
            (JsonValue first, JsonValue second) => SameValue(first, second),
            _ => false,
        };

    private static bool IsNothing(JsonNode? node) =>
        node switch
        {
            null => true,
            JsonArray list => list.Count == 0,
            JsonObject some => some.All(member => IsNothing(member.Value)),
            _ => node.GetValueKind() == JsonValueKind.Null,
        };

    private static bool SameValue(JsonValue one, JsonValue other) =>
        one.GetValueKind() == other.GetValueKind()
        && (
            one.GetValueKind() == JsonValueKind.Number
                ? double.Parse(one.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture)
                    .Equals(double.Parse(other.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture))
                : one.ToJsonString() == other.ToJsonString()
        );
}
