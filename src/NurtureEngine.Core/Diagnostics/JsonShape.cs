using System.Text.Json;

namespace NurtureEngine.Core.Diagnostics;

/// <summary>
/// Reads a JSON object by its expected shape and collects every fault with its JSON pointer, instead of stopping at the first.
/// </summary>
public sealed partial class JsonShape(JsonElement element, string pointer, List<Diagnostic> faults)
{
    // Long enough for every name, address and title; a whole page in a field is a sender's mistake.
    private const int MaxText = 2_000;

    internal const int MaxDepth = 32;

    /// <summary>The longest id, in characters: ids are keys, and keys have to fit into an index.</summary>
    public const int MaxId = 200;

    private static ReadOnlySpan<byte> ByteOrderMark => "\uFEFF"u8;

    /// <summary>The bytes without byte order marks: editors put one in front of a file, and some put two.</summary>
    public static ReadOnlyMemory<byte> WithoutMarks(ReadOnlyMemory<byte> json)
    {
        while (json.Span.StartsWith(ByteOrderMark))
        {
            json = json[ByteOrderMark.Length..];
        }

        return json;
    }

    /// <summary>False, with a fault, where the bytes are no JSON object. The caller disposes the document.</summary>
    public static bool TryParse(ReadOnlyMemory<byte> json, List<Diagnostic> faults, out JsonDocument document)
    {
        document = null!;
        if (json.Span is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
        {
            faults.Add(new Diagnostic("#", "The text is written in UTF-16; expected UTF-8."));
            return false;
        }

        json = WithoutMarks(json);
        try
        {
            document = JsonDocument.Parse(
                json,
                new JsonDocumentOptions { MaxDepth = MaxDepth, AllowDuplicateProperties = false }
            );
            CheckTexts(json.Span);
        }
        catch (InvalidOperationException)
        {
            document.Dispose();
            faults.Add(
                new Diagnostic("#", "A text in the body is no valid Unicode; expected UTF-8 and whole surrogate pairs.")
            );
            return false;
        }
        catch (JsonException exception)
        {
            faults.Add(new Diagnostic("#", SentenceOf(exception)));
            return false;
        }

        if (document.RootElement.ValueKind == JsonValueKind.Object)
        {
            return true;
        }

        faults.Add(new Diagnostic("#", $"The body is {Kind(document.RootElement)}; expected an object."));
        document.Dispose();
        return false;
    }

    private static Sentence SentenceOf(JsonException exception) =>
        exception.Message.StartsWith("Duplicate property", StringComparison.Ordinal)
            ? "The body names a member twice; expected each name once in an object."
            : (Sentence)
                $"The body is no JSON of up to {MaxDepth} levels: line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}; expected an object.";

    // The parser checks a text's encoding only when it is read; read once here, so that no later reader can throw.
    internal static void CheckTexts(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName)
            {
                reader.GetString();
            }
        }
    }

    /// <summary>The object itself, for a reader of its own.</summary>
    public JsonElement Element => element;

    public bool Has(string name) => element.TryGetProperty(name, out _);

    /// <summary>Whether nothing is said: the member is absent or null.</summary>
    public bool Lacks(string name) => Raw(name) is null or { ValueKind: JsonValueKind.Null };

    public JsonElement? Raw(string name) => element.TryGetProperty(name, out var value) ? value : null;

    public void Fault(string name, Sentence message) => faults.Add(new Diagnostic($"#{pointer}/{name}", name, message));

    public void AllowOnly(params string[] names)
    {
        foreach (var property in element.EnumerateObject().Where(property => !names.Contains(property.Name)))
        {
            Fault(property.Name, $"is not known here; expected one of {string.Join(", ", names)}.");
        }
    }

    public IEnumerable<(string Name, JsonShape Shape)> Properties()
    {
        foreach (var property in element.EnumerateObject())
        {
            if (property.Value.ValueKind == JsonValueKind.Object)
            {
                yield return (property.Name, Inner(property.Name, property.Value));
            }
            else
            {
                Fault(property.Name, $"is {Kind(property.Value)}; expected an object.");
            }
        }
    }

    /// <summary>The object of that name, or null where it is absent, null or (a fault) something else.</summary>
    public JsonShape? Object(string name)
    {
        if (Raw(name) is not { ValueKind: not JsonValueKind.Null } value)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Object)
        {
            return Inner(name, value);
        }

        Fault(name, $"is {Kind(value)}; expected an object.");
        return null;
    }

    public JsonShape? RequiredObject(string name)
    {
        if (Raw(name) is { ValueKind: not JsonValueKind.Null })
        {
            return Object(name);
        }

        Fault(name, "is missing; expected an object.");
        return null;
    }

    /// <summary>The objects of an array; empty where it is absent or null.</summary>
    public List<JsonShape> Objects(string name)
    {
        var shapes = new List<JsonShape>();
        if (Raw(name) is not { ValueKind: not JsonValueKind.Null } value)
        {
            return shapes;
        }

        if (value.ValueKind != JsonValueKind.Array)
        {
            Fault(name, $"is {Kind(value)}; expected an array.");
            return shapes;
        }

        foreach (var (index, item) in value.EnumerateArray().Index())
        {
            if (item.ValueKind == JsonValueKind.Object)
            {
                shapes.Add(new JsonShape(item, $"{pointer}/{name}/{index}", faults));
            }
            else
            {
                Fault($"{name}/{index}", $"is {Kind(item)}; expected an object.");
            }
        }

        return shapes;
    }

    public List<JsonShape> RequiredObjects(string name)
    {
        if (Lacks(name))
        {
            Fault(name, "is missing; expected an array.");
        }

        return Objects(name);
    }

    /// <summary>The text of that name; null where it is absent, null or (a fault) something else.</summary>
    public string? Text(string name) => Text(name, MaxText);

    /// <summary>A text of at most so many characters.</summary>
    public string? Text(string name, int most)
    {
        if (Raw(name) is not { ValueKind: not JsonValueKind.Null } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.String)
        {
            Fault(name, $"is {Kind(value)}; expected a text.");
            return null;
        }

        var text = value.GetString()!;
        if (text.Length > most || text.Contains('\0', StringComparison.Ordinal))
        {
            Fault(name, $"has {text.Length} characters; expected at most {most}, none of them NUL.");
            return null;
        }

        return text;
    }

    /// <summary>The texts of an array; empty where it is absent or null.</summary>
    public List<string> Texts(string name)
    {
        if (Raw(name) is not { ValueKind: not JsonValueKind.Null } value)
        {
            return [];
        }

        if (
            value.ValueKind == JsonValueKind.Array
            && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String)
        )
        {
            List<string> texts = [.. value.EnumerateArray().Select(item => item.GetString()!)];
            if (texts.Exists(text => text.Length > MaxText || text.Contains('\0', StringComparison.Ordinal)))
            {
                Fault(name, $"has a text of more than {MaxText} characters, or one that holds NUL.");
                return [];
            }

            return texts;
        }

        Fault(name, "is no list of texts; expected an array such as [\"SQL\", \"Rev\"].");
        return [];
    }

    public string RequiredText(string name)
    {
        var text = Text(name);
        if (
            string.IsNullOrWhiteSpace(text)
            && Raw(name) is not { ValueKind: not (JsonValueKind.Null or JsonValueKind.String) }
        )
        {
            Fault(name, "is missing or empty; expected a text.");
        }

        return text ?? "";
    }

    /// <summary>Another system's id, without the blanks around it; null where it is absent or null.</summary>
    public string? Id(string name) => Text(name, MaxId)?.Trim();

    public string RequiredId(string name)
    {
        var before = faults.Count;
        var id = Id(name);
        if (string.IsNullOrEmpty(id) && faults.Count == before)
        {
            Fault(name, "is missing or empty; expected an id.");
        }

        return id ?? "";
    }

    private JsonShape Inner(string name, JsonElement value) => new(value, $"{pointer}/{name}", faults);

    internal static string Kind(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Array => "an array",
            JsonValueKind.Object => "an object",
            JsonValueKind.String => "a text",
            JsonValueKind.Number => "a number",
            JsonValueKind.True or JsonValueKind.False => "true or false",
            _ => "null",
        };
}
