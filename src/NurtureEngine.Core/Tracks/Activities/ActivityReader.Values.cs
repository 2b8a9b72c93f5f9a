using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using NurtureEngine.Core.Contents;
using NurtureEngine.Core.Diagnostics;
using NurtureEngine.Core.Templating;

namespace NurtureEngine.Core.Tracks.Activities;

/// <summary>Inputs that are more than a fixed text: expressions, choices, lists, and the activities within an activity.</summary>
public sealed partial class ActivityReader
{
    /// <summary>A yes-or-no input; an absent one is no.</summary>
    public Predicate Predicate(string input) =>
        Expression(input) is not var (type, value) ? new Predicate.Fixed(false) : PredicateOf(input, type, value);

    /// <summary>A text that may read the lead and the track's variables; an absent one is empty.</summary>
    public TextValue TextValue(string input)
    {
        if (Expression(input) is not var (type, value))
        {
            return new TextValue.Fixed("");
        }

        switch (type)
        {
            case "Literal" or "Object":
                return new TextValue.Fixed(value);
            case "Variable":
                return new TextValue.Variable(_definition.VariableOf(value) ?? UnknownVariable(input, value));
            case "Scriban":
                var template = Template.TryParse(value, out var found);
                Report(input, value, found);
                Report(
                    input,
                    value,
                    _context.IsOfEarlierLanguage ? template?.ChangedSince(isPartial: false) ?? [] : []
                );
                Unknown(input, template?.Fields ?? []);
                return template is null ? new TextValue.Fixed("") : new TextValue.Scripted(template);
            default:
                Fault(input, $"is an expression of type '{type}'; expected 'Literal', 'Scriban' or 'Variable'.");
                return new TextValue.Fixed("");
        }
    }

    /// <summary>One of some words, whatever their case; the first of them where the input is absent.</summary>
    public string Choice(string input, params string[] choices)
    {
        if (Text(input) is not { } text)
        {
            return choices[0];
        }

        var choice = Array.Find(choices, choice => string.Equals(choice, text, StringComparison.OrdinalIgnoreCase));
        if (choice is null)
        {
            Fault(input, $"'{text}' is not known; expected one of {string.Join(", ", choices)}.");
        }

        return choice ?? choices[0];
    }

    /// <summary>One of the words that the type offers for an input; the first of them where the input is absent.</summary>
    public string Word(string input) =>
        Choice(input, [.. Type.Inputs.First(one => one.Name == input).Words.Select(word => word.Value)]);

    /// <summary>A list of words, as a JSON array or as the text of one; empty where the input is absent.</summary>
    public ImmutableArray<string> Texts(string input) =>
        [
            .. Items(input)
                .Select(item => item.ValueKind == JsonValueKind.String ? item.GetString()! : item.GetRawText()),
        ];

    /// <summary>A list of words of which there must be at least one, each once.</summary>
    public ImmutableArray<string> RequiredTexts(string input)
    {
        var before = _faults.Count;
        var texts = Texts(input);
        if (texts.IsEmpty && _faults.Count == before)
        {
            Fault(input, "is missing; expected a list such as [\"a\", \"b\"].");
        }

        foreach (var twice in texts.GroupBy(text => text, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1))
        {
            Fault(input, $"names '{twice.Key}' more than once.");
        }

        return texts;
    }

    /// <summary>A whole number within bounds; the fallback where the input is absent.</summary>
    public int Integer(string input, int fallback, int least, int most)
    {
        if (Text(input) is not { } text)
        {
            return fallback;
        }

        if (
            int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number >= least
            && number <= most
        )
        {
            return number;
        }

        Fault(input, $"'{text}' is out of range; expected a whole number from {least} to {most}.");
        return fallback;
    }

    /// <summary>A whole number within bounds that must be there; 0, with a fault, where it is not.</summary>
    public int RequiredInteger(string input, int least, int most) =>
        Required(input) is null ? 0 : Integer(input, 0, least, most);

    /// <summary>The cases of a switch: <c>[{"label": …, "condition": {"type": …, "value": …}}]</c>.</summary>
    public ImmutableArray<(string Port, Predicate Condition)> Cases(string input)
    {
        var cases = ImmutableArray.CreateBuilder<(string, Predicate)>();
        foreach (var item in Items(input))
        {
            if (
                item.ValueKind != JsonValueKind.Object
                || !item.TryGetProperty("label", out var label)
                || label.ValueKind != JsonValueKind.String
                || !item.TryGetProperty("condition", out var condition)
                || TypeAndValue(condition) is not var (type, value)
            )
            {
                Fault(
                    input,
                    "has a case of another form; expected {\"label\": …, \"condition\": {\"type\": …, \"value\": …}}."
                );
                continue;
            }

            cases.Add((label.GetString()!, PredicateOf(input, type, value)));
        }

        return cases.ToImmutable();
    }

    /// <summary>The name of a variable of the track.</summary>
    public string Variable(string input)
    {
        if (!_activity.TryGetProperty(input, out var raw) || raw.ValueKind == JsonValueKind.Null)
        {
            Fault(input, "is missing; expected a variable of the track.");
            return "";
        }

        var value = raw.TryWrapped(out var wrapped) ? TypeAndValue(wrapped)?.Value ?? "" : TextOf(raw);
        return _definition.VariableOf(value) ?? UnknownVariable(input, value);
    }

    /// <summary>An instant; without an offset it is UTC.</summary>
    public DateTimeOffset Instant(string input)
    {
        const DateTimeStyles Style = DateTimeStyles.AssumeUniversal | DateTimeStyles.AllowWhiteSpaces;
        if (Required(input) is not { } text)
        {
            return default;
        }

        // The designer writes dates as its own culture does.
        if (
            DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, Style, out var instant)
            || DateTimeOffset.TryParse(text, CultureInfo.GetCultureInfo("en-US"), Style, out instant)
        )
        {
            return instant.ToUniversalTime();
        }

        Fault(input, $"'{text}' is no instant; expected one such as 2026-06-01T09:00:00Z.");
        return default;
    }

    /// <summary>The activity within this one; null where there is none.</summary>
    public StepId? Child(string property) =>
        _activity.TryGetProperty(property, out var child) && child.ValueKind == JsonValueKind.Object
            ? _definition.Compile(child, _name)
            : null;

    /// <summary>The activities within this one, in the order of the definition.</summary>
    public ImmutableArray<StepId> Children(string property) => _definition.CompileAll(_activity, property, _name);

    internal Step Flowchart() => _definition.CompileFlowchart(_activity, _id, _name);

    private Predicate PredicateOf(string input, string type, string value)
    {
        switch (type)
        {
            case "Literal" when bool.TryParse(value, out var truth):
                return new Predicate.Fixed(truth);
            case "Literal" when string.IsNullOrWhiteSpace(value):
                return new Predicate.Fixed(false);
            case "Literal":
                Fault(
                    input,
                    $"'{value}' is neither true nor false; for a condition choose the expression type 'Scriban'."
                );
                return new Predicate.Fixed(false);
            case "Variable":
                return new Predicate.Variable(_definition.VariableOf(value) ?? UnknownVariable(input, value));
            case "Scriban":
                var condition = Condition.TryParse(value, out var found);
                Report(input, value, found);
                Report(input, value, _context.IsOfEarlierLanguage ? condition?.Changes ?? [] : []);
                Unknown(input, condition?.Fields ?? []);
                return condition is null ? new Predicate.Fixed(false) : new Predicate.Scripted(condition);
            default:
                Fault(input, $"is an expression of type '{type}'; expected 'Scriban', 'Literal' or 'Variable'.");
                return new Predicate.Fixed(false);
        }
    }

    private List<JsonElement> Items(string input)
    {
        if (!_activity.TryGetProperty(input, out var raw) || raw.ValueKind == JsonValueKind.Null)
        {
            return [];
        }

        if (raw.ValueKind == JsonValueKind.Array)
        {
            return [.. raw.EnumerateArray()];
        }

        var text = raw.TryWrapped(out var wrapped) ? TypeAndValue(wrapped)?.Value : TextOf(raw);
        var json = Encoding.UTF8.GetBytes(string.IsNullOrWhiteSpace(text) ? "[]" : text);
        try
        {
            using var list = JsonDocument.Parse(json);
            JsonShape.CheckTexts(json);
            if (list.RootElement.ValueKind == JsonValueKind.Array)
            {
                return [.. list.RootElement.Clone().EnumerateArray()];
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Said below.
        }

        Fault(input, $"'{text}' is no list; expected JSON such as [\"a\", \"b\"].");
        return [];
    }

    // Null where the input is absent; what is no expression is a literal.
    private (string Type, string Value)? Expression(string input)
    {
        if (!_activity.TryGetProperty(input, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (!value.TryWrapped(out var expression))
        {
            if (value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array))
            {
                return ("Literal", TextOf(value));
            }

            Fault(input, "has no expression; expected {\"expression\": {\"type\": \"Literal\", \"value\": …}}.");
            return null;
        }

        return TypeAndValue(expression);
    }

    // An expression without a value is an input that nobody filled in.
    private static (string Type, string Value)? TypeAndValue(JsonElement expression) =>
        expression.ValueKind == JsonValueKind.Object
        && expression.TryGetProperty("value", out var value)
        && value.ValueKind != JsonValueKind.Null
            ? (
                expression.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String
                    ? type.GetString()!
                    : "",
                TextOf(value)
            )
            : null;

    private static string TextOf(JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();

    private string UnknownVariable(string input, string value)
    {
        Fault(input, $"'{value}' is no variable of the track; expected {Listed(_definition.VariableNames)}.");
        return "";
    }

    private void Report(string input, string text, IEnumerable<TemplateFault> found)
    {
        foreach (var fault in found)
        {
            Fault(input, $"'{text}' {fault.Line}:{fault.Column}: {fault.Message}");
        }
    }

    private void Unknown(string input, IEnumerable<FieldRead> reads)
    {
        foreach (var read in reads.Where(read => !_definition.IsKnown(read.Path)))
        {
            Fault(input, $"reads '{read.Path}', which is no field; expected {KnownFields.Expected}, or variables.…");
        }
    }
}

internal static class WrappedInput
{
    /// <summary>The expression of a wrapped input; false where the value is a bare one.</summary>
    public static bool TryWrapped(this JsonElement value, out JsonElement expression)
    {
        expression = default;
        return value.ValueKind == JsonValueKind.Object && value.TryGetProperty("expression", out expression);
    }
}
