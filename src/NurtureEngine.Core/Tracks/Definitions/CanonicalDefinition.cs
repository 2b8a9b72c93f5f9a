using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace NurtureEngine.Core.Tracks.Definitions;

/// <summary>
/// A definition as files hold it: nothing lost, members unknown to this program included, and always in the same order, so that a
/// diff shows what was changed and not what the designer has shuffled.
/// </summary>
public static class CanonicalDefinition
{
    private static readonly string[] OfDefinition =
    [
        "id",
        "definitionId",
        "name",
        "description",
        "createdAt",
        "version",
        "isLatest",
        "isPublished",
        "toolVersion",
        "options",
        "variables",
        "inputs",
        "outputs",
        "outcomes",
        "customProperties",
        "isReadonly",
    ];

    private static readonly string[] OfActivity =
    [
        "id",
        "nodeId",
        "name",
        "type",
        "version",
        "customProperties",
        "metadata",
    ];

    // The flow comes last: it is long.
    private static readonly string[] Last = ["activities", "connections", "root"];

    /// <summary>The canonical form, in UTF-8 with a line break at its end; null where the bytes are no JSON object.</summary>
    public static byte[]? TryWrite(ReadOnlyMemory<byte> json)
    {
        if (!Diagnostics.JsonShape.TryParse(json, [], out var document))
        {
            return null;
        }

        using (document)
        {
            using var stream = new MemoryStream();
            using (var writer = new Utf8JsonWriter(stream, Options))
            {
                WriteObject(writer, document.RootElement, OfDefinition, isOutermost: true);
            }

            stream.WriteByte((byte)'\n');
            return stream.ToArray();
        }
    }

    /// <summary>The canonical form of a text; what is no JSON object stays as it is.</summary>
    public static string Of(string definition)
    {
        var bytes = Encoding.UTF8.GetBytes(definition);
        return TryWrite(bytes) is { } canonical ? Encoding.UTF8.GetString(canonical) : definition;
    }

    private static JsonWriterOptions Options { get; } =
        new()
        {
            Indented = true,
            NewLine = "\n",
            // A file is no part of a page: what people wrote stays readable.
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };

    private static void WriteObject(Utf8JsonWriter writer, JsonElement element, string[] first, bool isOutermost)
    {
        writer.WriteStartObject();
        var members = element
            .EnumerateObject()
            .OrderBy(member => Rank(member.Name, first))
            .ThenBy(member => member.Name, StringComparer.Ordinal);
        foreach (var member in members)
        {
            writer.WritePropertyName(member.Name);
            Write(writer, member.Name, member.Value, isOutermost);
        }

        writer.WriteEndObject();
    }

    private static int Rank(string name, string[] first) =>
        Array.IndexOf(first, name) is >= 0 and var rank ? rank
        : Array.IndexOf(Last, name) is >= 0 and var last ? first.Length + 1 + last
        : first.Length;

    private static void Write(Utf8JsonWriter writer, string name, JsonElement value, bool isOfOutermost)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                WriteObject(writer, value, OrderOf(name, value), isOutermost: isOfOutermost && name == "root");
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in Ordered(name, value, isOfOutermost))
                {
                    Write(writer, "", item, isOfOutermost: false);
                }

                writer.WriteEndArray();
                break;
            case JsonValueKind.Number:
                writer.WriteRawValue(value.GetRawText());
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }

    private static string[] OrderOf(string name, JsonElement value) =>
        name == "nurture" ? SettingsReader.Names
        : value.TryGetProperty("type", out _) && value.TryGetProperty("id", out _) ? OfActivity
        : [];

    // What the designer shuffles and what means nothing: in which order the outermost flowchart lists its activities, and from
    // which steps its connections come first. In which order a step's own connections are, its branches are entered.
    private static IEnumerable<JsonElement> Ordered(string name, JsonElement array, bool isOfOutermost) =>
        (name, isOfOutermost) switch
        {
            ("activities", true) => array.EnumerateArray().OrderBy(item => Text(item, "id"), StringComparer.Ordinal),
            ("connections", true) => array
                .EnumerateArray()
                .OrderBy(
                    item =>
                        item.ValueKind == JsonValueKind.Object && item.TryGetProperty("source", out var source)
                            ? Text(source, "activity")
                            : "",
                    StringComparer.Ordinal
                ),
            _ => array.EnumerateArray(),
        };

    private static string Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object
        && element.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : "";
}
