using System.Collections.Frozen;
using System.Text.Json;
using NurtureEngine.Core.Diagnostics;
using NurtureEngine.Core.Rulebooks;

namespace NurtureEngine.Core.Tracks.Activities;

/// <summary>Reads one activity's inputs (ELSA: a wrapped <c>{typeName, expression: {type, value}}</c>) and collects what is wrong with them.</summary>
public sealed class ActivityReader(
    JsonElement activity,
    StepId id,
    string name,
    CompileContext context,
    List<Diagnostic> faults
)
{
    public StepId Id => id;

    public string Name => name;

    /// <summary>The literal of an input; null where it is absent or empty.</summary>
    public string? Text(string input)
    {
        if (!activity.TryGetProperty(input, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.String)
        {
            return Filled(value.GetString());
        }

        if (
            value.ValueKind != JsonValueKind.Object
            || !value.TryGetProperty("expression", out var expression)
            || expression.ValueKind is not (JsonValueKind.Object or JsonValueKind.Null)
        )
        {
            Fault(input, "has no expression; expected {\"expression\": {\"type\": \"Literal\", \"value\": …}}.");
            return null;
        }

        if (expression.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        var type =
            expression.TryGetProperty("type", out var named) && named.ValueKind == JsonValueKind.String
                ? named.GetString()
                : null;
        if (type != "Literal")
        {
            Fault(input, $"is an expression of type '{type}'; expected 'Literal'.");
            return null;
        }

        return expression.TryGetProperty("value", out var literal) && literal.ValueKind != JsonValueKind.Null
            ? Filled(literal.ValueKind == JsonValueKind.String ? literal.GetString() : literal.GetRawText())
            : null;
    }

    public TimeSpan Duration(string input)
    {
        if (Required(input) is not { } text)
        {
            return default;
        }

        if (!Diagnostics.Duration.TryParse(text, out var duration) || duration == TimeSpan.Zero)
        {
            Fault(input, $"'{text}' is no duration; {Diagnostics.Duration.Expected}.");
        }

        return duration;
    }

    /// <summary>The key of a content of that channel.</summary>
    public string Content(string input, string channel)
    {
        if (Required(input) is not { } key)
        {
            return "";
        }

        if (!context.Contents.TryGetValue(key, out var found))
        {
            Fault(input, $"'{key}' is no content; expected {Listed(context.Contents.Keys)}.");
        }
        else if (found != channel)
        {
            Fault(input, $"'{key}' is content for {found}; expected content for {channel}.");
        }

        return key;
    }

    public LifeCycle? LifeCycle(string input)
    {
        var named = Text(input);
        var cycle = context.Rulebook.FindLifeCycle(named ?? context.LifeCycle);
        if (cycle is null && named is not null)
        {
            Fault(
                input,
                $"'{named}' is no life cycle; expected {Listed(context.Rulebook.LifeCycles.Select(c => c.Name))}."
            );
        }

        return cycle;
    }

    public string? Stage(string input, LifeCycle? cycle, bool required)
    {
        var named = required ? Required(input) : Text(input);
        if (named is null || cycle is null)
        {
            return null;
        }

        var stage = cycle.FindStage(named);
        if (stage is null)
        {
            Fault(
                input,
                $"'{named}' is no stage of life cycle '{cycle.Name}'; expected {Listed(cycle.Stages.Select(s => s.Name))}."
            );
        }

        return stage?.Name;
    }

    private string? Required(string input)
    {
        var before = faults.Count;
        var text = Text(input);
        if (text is null && faults.Count == before)
        {
            Fault(input, "is missing.");
        }

        return text;
    }

    private void Fault(string input, string message) =>
        faults.Add(new Diagnostic($"step '{name}'", $"'{input}' {message}"));

    private static string? Filled(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static string Listed(IEnumerable<string> names) =>
        "one of " + string.Join(", ", names.Order(StringComparer.Ordinal));
}

/// <summary>
/// What a definition is checked against: the rulebook, the contents (key → channel), and the track's own life cycle (null:
/// the default one).
/// </summary>
public sealed record CompileContext(Rulebook Rulebook, FrozenDictionary<string, string> Contents, string? LifeCycle);
