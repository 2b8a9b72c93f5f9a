using System.Text.Json;
using NurtureEngine.Core.Cadences;
using NurtureEngine.Core.Leads;

namespace NurtureEngine.Core.Diagnostics;

/// <summary>
/// Reads a JSON object by its expected shape and collects every fault with its JSON pointer, instead of stopping at the first.
/// </summary>
public sealed class JsonShape(JsonElement element, string pointer, List<Diagnostic> faults)
{
    // Long enough for every name, address and title; a whole page in a field is a sender's mistake.
    private const int MaxText = 2_000;

    internal const int MaxDepth = 32;

    /// <summary>The longest id, in characters: ids are keys, and keys have to fit into an index.</summary>
    public const int MaxId = 200;

    /// <summary>False, with a fault, where the bytes are no JSON object. The caller disposes the document.</summary>
    public static bool TryParse(ReadOnlyMemory<byte> json, List<Diagnostic> faults, out JsonDocument document)
    {
        document = null!;
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
            faults.Add(new Diagnostic("#", Sentence(exception)));
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

    private static string Sentence(JsonException exception) =>
        exception.Message.StartsWith("Duplicate property", StringComparison.Ordinal)
            ? "The body names a member twice; expected each name once in an object."
            : $"The body is no JSON of up to {MaxDepth} levels: line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}; expected an object.";

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

    public JsonElement? Raw(string name) => element.TryGetProperty(name, out var value) ? value : null;

    public void Fault(string name, string message) =>
        faults.Add(new Diagnostic($"#{pointer}/{name}", $"'{name}' {message}"));

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
        if (!Has(name))
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

    public string? Email(string name)
    {
        var text = Text(name)?.Trim();
        if (string.IsNullOrEmpty(text) || EmailAddress.IsValid(text))
        {
            return text;
        }

        Fault(name, "is no e-mail address; expected one such as ann@example.com.");
        return null;
    }

    /// <summary>The name of a time zone of the IANA database, or an empty text; null where it is absent, null or no such name.</summary>
    public string? TimeZone(string name)
    {
        var text = Text(name)?.Trim();
        if (string.IsNullOrEmpty(text) || Zones.Find(text) is not null)
        {
            return text;
        }

        Fault(name, $"'{text}' is no time zone; expected an IANA name such as Europe/Berlin.");
        return null;
    }

    public string RequiredEmail(string name) => RequiredText(name).Length > 0 ? Email(name) ?? "" : "";

    public bool? Boolean(string name)
    {
        if (Raw(name) is not { ValueKind: not JsonValueKind.Null } value)
        {
            return null;
        }

        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return value.GetBoolean();
        }

        Fault(name, $"is {Kind(value)}; expected true or false.");
        return null;
    }

    public long? Integer(string name)
    {
        if (Raw(name) is not { ValueKind: not JsonValueKind.Null } value)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number))
        {
            return number;
        }

        Fault(name, $"is {Kind(value)}; expected a whole number.");
        return null;
    }

    public decimal? Decimal(string name)
    {
        if (Raw(name) is not { ValueKind: not JsonValueKind.Null } value)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var number))
        {
            return number;
        }

        Fault(name, $"is {Kind(value)}; expected a number.");
        return null;
    }

    public DateTimeOffset? Instant(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        if (IsoInstant.TryParse(text, out var at))
        {
            return at;
        }

        Fault(name, $"'{text}' is no instant; expected ISO 8601 with an offset, such as 2026-01-31T09:30:00Z.");
        return null;
    }

    public TimeSpan? Duration(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        if (Diagnostics.Duration.TryParse(text, out var duration))
        {
            return duration;
        }

        Fault(name, $"'{text}' is no duration; {Diagnostics.Duration.Expected}.");
        return null;
    }

    public TEnum? OneOf<TEnum>(string name)
        where TEnum : struct, Enum => Choice(name, Enum.GetNames<TEnum>()) is { } text ? Enum.Parse<TEnum>(text) : null;

    public string? Choice(string name, params string[] choices)
    {
        if (Text(name) is not { Length: > 0 } text || choices.Contains(text))
        {
            return Text(name) is { Length: > 0 } chosen ? chosen : null;
        }

        Fault(name, $"'{text}' is not known; expected one of {string.Join(", ", choices)}.");
        return null;
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
