using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using NurtureEngine.Scriban.Evaluation;
using NurtureEngine.Scriban.Evaluation.Objects;
using static NurtureEngine.Scriban.Functions.Builtin;

namespace NurtureEngine.Scriban.Functions;

/// <summary><c>object.*</c>, and <c>include</c>.</summary>
internal static class ObjectFunctions
{
    private static readonly JsonSerializerOptions Json = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private const int MaxDepth = 32;

    public static Builtin[] All { get; } =
    [
        Of(
            "object.default value default",
            call => call.Value(0) is null or "" ? call.Raw(1) : call.Value(0),
            takesAbsent: true
        ),
        Of(
            "object.format value format [culture]",
            call => Formatting.Format(call, call.Value(0) ?? throw call.Failure("There is nothing to format."))
        ),
        Of(
            "object.has_key value key",
            call => call.Value(0) is IModel entity && entity.TryGet(call.Text(1), out _),
            takesAbsent: true
        ),
        Of(
            "object.has_value value key",
            call => call.Value(0) is IModel entity && entity.TryGet(call.Text(1), out var value) && value is not null,
            takesAbsent: true
        ),
        Of("object.keys value", call => new ScriptArray(Members(call).Select(member => (object?)member.Key))),
        Of("object.values value", call => new ScriptArray(Members(call).Select(member => member.Value))),
        Of(
            "object.size value",
            call =>
                call.Value(0) is string text ? text.Length
                : call.Value(0) is ScriptObject entity ? (long)entity.Count
                : Values.Items(call.Value(0)) is null ? 0L
                : call.List(0).Count
        ),
        Of("object.typeof value", call => TypeOf(call.Value(0)), takesAbsent: true),
        Of("object.kind value", call => KindOf(call.Value(0)), takesAbsent: true),
        Of("object.to_json value", call => ToJson(call.Value(0), call, 0)?.ToJsonString(Json) ?? "null"),
        Of("object.from_json json", FromJson),
        Of(
            "include name [args...]",
            call => call.Renderer.Include(call.Text(0), call.Arguments.Without(1), call.At),
            takesAbsent: true
        ),
    ];

    private static IEnumerable<KeyValuePair<string, object?>> Members(Invocation call) =>
        call.Value(0) switch
        {
            null => [],
            ScriptObject entity => entity.Members,
            _ => throw call.Failure("An object that the template made is needed here."),
        };

    private static string TypeOf(object? value) =>
        value switch
        {
            null => "",
            string or Markup => "string",
            bool => "boolean",
            _ when Values.IsNumber(value) => "number",
            ScriptArray => "array",
            ScriptRange => "iterator",
            DateTimeOffset => "date",
            TimeSpan => "timespan",
            FunctionValue => "function",
            _ => "object",
        };

    private static string KindOf(object? value) =>
        value switch
        {
            bool => "bool",
            long => "int",
            double => "double",
            decimal => "decimal",
            ScriptRange => "range",
            _ => TypeOf(value),
        };

    private static JsonNode? ToJson(object? value, Invocation call, int depth)
    {
        call.Renderer.Budget.Step(call.At);
        if (depth > MaxDepth)
        {
            throw call.Exceeded($"The value is nested too deep for JSON: more than {MaxDepth} levels.");
        }

        return value switch
        {
            Absent absent => throw ScriptFailure.NoValue(absent),
            null => null,
            string text => JsonValue.Create(call.Renderer.Budget.Charged(text, call.At)),
            Markup markup => JsonValue.Create(markup.Value),
            bool truth => JsonValue.Create(truth),
            long number => JsonValue.Create(number),
            double number => double.IsFinite(number)
                ? JsonValue.Create(number)
                : throw call.Failure("JSON has no such number."),
            decimal number => JsonValue.Create(number),
            DateTimeOffset date => JsonValue.Create(date.ToString("O", CultureInfo.InvariantCulture)),
            ScriptObject entity => new JsonObject(
                entity.Members.Select(member => KeyValuePair.Create(member.Key, ToJson(member.Value, call, depth + 1)))
            ),
            ScriptArray or ScriptRange => new JsonArray([
                .. Values.Items(value)!.Select(item => ToJson(item, call, depth + 1)),
            ]),
            _ => throw call.Failure("This value has no JSON form."),
        };
    }

    private static object? FromJson(Invocation call)
    {
        try
        {
            using var document = JsonDocument.Parse(call.Text(0), new JsonDocumentOptions { MaxDepth = 32 });
            return FromJson(document.RootElement, call);
        }
        // A half surrogate is found out only when the text is read.
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw call.Failure("The text is no JSON.");
        }
    }

    private static object? FromJson(JsonElement element, Invocation call)
    {
        call.Renderer.Budget.Step(call.At);
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                return element.GetString();
            case JsonValueKind.Number:
                return element.TryGetInt64(out var whole) ? (object)whole : element.GetDouble();
            case JsonValueKind.True or JsonValueKind.False:
                return element.GetBoolean();
            case JsonValueKind.Array:
                return new ScriptArray(element.EnumerateArray().Select(item => FromJson(item, call)));
            case JsonValueKind.Object:
                var entity = new ScriptObject();
                foreach (var member in element.EnumerateObject())
                {
                    entity.Set(member.Name, FromJson(member.Value, call));
                }

                return entity;
            default:
                return null;
        }
    }
}
