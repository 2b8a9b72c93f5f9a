using System.Text.Json;

namespace NurtureEngine.Core.Templating;

/// <summary>A JSON object as a model: for trying templates out, and in tests.</summary>
public sealed class JsonModel : IModel
{
    private readonly Dictionary<string, object?> _members = new(StringComparer.Ordinal);

    private JsonModel(JsonElement element)
    {
        foreach (var member in element.EnumerateObject())
        {
            _members[member.Name] = ValueOf(member.Value);
        }
    }

    /// <exception cref="JsonException">The text is no JSON object.</exception>
    public static JsonModel Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.ValueKind == JsonValueKind.Object
            ? new JsonModel(document.RootElement)
            : throw new JsonException("The model is no JSON object.");
    }

    public bool TryGet(string name, out object? value) => _members.TryGetValue(name, out value);

    private static object? ValueOf(JsonElement element) =>
        element.ValueKind switch
        {
            JsonValueKind.String => element.GetString(),
            JsonValueKind.Number => element.TryGetInt64(out var whole) ? (object)whole : element.GetDouble(),
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.Object => new JsonModel(element),
            JsonValueKind.Array => element.EnumerateArray().Select(ValueOf).ToList(),
            _ => null,
        };
}
