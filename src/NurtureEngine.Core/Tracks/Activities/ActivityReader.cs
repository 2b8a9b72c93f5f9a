using System.Collections.Frozen;
using System.Text.Json;
using NurtureEngine.Core.Diagnostics;
using NurtureEngine.Core.Rulebooks;
using NurtureEngine.Core.Tracks.Definitions;

namespace NurtureEngine.Core.Tracks.Activities;

/// <summary>Reads one activity's inputs (Elsa: a wrapped <c>{typeName, expression: {type, value}}</c>, or the bare value) and collects what is wrong with them.</summary>
public sealed partial class ActivityReader
{
    private readonly JsonElement _activity;
    private readonly StepId _id;
    private readonly string _name;
    private readonly CompileContext _context;
    private readonly DefinitionReader _definition;
    private readonly List<Diagnostic> _faults;

    internal ActivityReader(
        JsonElement activity,
        StepId id,
        string name,
        CompileContext context,
        DefinitionReader definition,
        List<Diagnostic> faults
    ) => (_activity, _id, _name, _context, _definition, _faults) = (activity, id, name, context, definition, faults);

    /// <summary>The activity's type.</summary>
    public required ActivityType Type { get; init; }

    public StepId Id => _id;

    public string Name => _name;

    /// <summary>The literal of an input; null where it is absent or empty.</summary>
    public string? Text(string input)
    {
        if (Expression(input) is not var (type, value))
        {
            return null;
        }

        if (type != "Literal")
        {
            Fault(input, $"is an expression of type '{type}'; expected 'Literal'.");
            return null;
        }

        return Filled(value);
    }

    /// <summary>Whether the definition marks the activity, which stands in the outermost flowchart, as a start of the track.</summary>
    public bool IsStart => _definition.IsStart(_activity);

    /// <summary>A text that must be there; empty, with a fault, where it is not.</summary>
    public string RequiredText(string input) => Required(input) ?? "";

    /// <summary>A duration; null where the input is absent.</summary>
    public TimeSpan? OptionalDuration(string input) => Text(input) is null ? null : Duration(input);

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

        if (!_context.Contents.TryGetValue(key, out var found))
        {
            Fault(input, $"'{key}' is no content; {Known(_context.Contents.Keys)}.");
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
        var cycle = _context.Rulebook.FindLifeCycle(named ?? _context.LifeCycle);
        if (cycle is null && named is not null)
        {
            Fault(
                input,
                $"'{named}' is no life cycle; expected {Listed(_context.Rulebook.LifeCycles.Select(c => c.Name))}."
            );
        }

        return cycle;
    }

    /// <summary>The name of a pool of contents.</summary>
    public string Pool(string input)
    {
        var pool = RequiredText(input);
        if (pool.Length > 0 && !_context.Pools.Contains(pool))
        {
            Fault(input, $"'{pool}' is no pool of contents; {Known(_context.Pools)}.");
        }

        return pool;
    }

    /// <summary>The configured name of a webhook's receiver.</summary>
    public string Target(string input)
    {
        var target = RequiredText(input);
        if (target.Length > 0 && _context.Targets is { } known && !known.Contains(target))
        {
            Fault(
                input,
                $"'{target}' is no receiver of the configuration (Nurture:Webhooks:Targets); expected {Listed(known)}."
            );
        }

        return target;
    }

    /// <summary>A criterion of the rulebook's qualification, as the rulebook spells it.</summary>
    public string Criterion(string input)
    {
        var named = RequiredText(input);
        var criterion = _context.Rulebook.Criteria.FirstOrDefault(known =>
            string.Equals(known, named, StringComparison.OrdinalIgnoreCase)
        );
        if (criterion is null && named.Length > 0)
        {
            Fault(input, $"'{named}' is no criterion of the rulebook; expected {Listed(_context.Rulebook.Criteria)}.");
        }

        return criterion ?? named;
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
        var before = _faults.Count;
        var text = Text(input);
        if (text is null && _faults.Count == before)
        {
            Fault(input, "is missing.");
        }

        return text;
    }

    /// <summary>Says what is wrong with an input, in a sentence that begins behind its name.</summary>
    public void Fault(string input, Sentence message) => _faults.Add(new Diagnostic($"step '{_name}'", input, message));

    private Sentence Known(IReadOnlyCollection<string> names) =>
        names.Count > 0 ? $"expected {Listed(names)}"
        : _context.ContentsFrom is { } from ? (Sentence)$"there are none in {from}"
        : "there are none";

    private static string? Filled(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static Sentence Listed(IEnumerable<string> names) =>
        $"one of {string.Join(", ", names.Order(StringComparer.Ordinal))}";
}

/// <summary>
/// What a definition is checked against: the rulebook, the contents (key → channel), and the track's own life cycle (null:
/// the default one).
/// </summary>
public sealed record CompileContext(Rulebook Rulebook, FrozenDictionary<string, string> Contents, string? LifeCycle)
{
    /// <summary>The pools that contents are pieces of.</summary>
    public IReadOnlyCollection<string> Pools { get; init; } = [];

    /// <summary>The receivers of webhooks that are configured; null where that is not checked.</summary>
    public IReadOnlyCollection<string>? Targets { get; init; }

    /// <summary>Whether the definition was published before: then what only newer programs find fault with is let be.</summary>
    public bool IsPublished { get; init; }

    /// <summary>Where the contents were looked for; null where that is the database.</summary>
    public string? ContentsFrom { get; init; }

    /// <summary>Whether a program before schema version 11 stored the definition: what it evaluated differently is a fault then.</summary>
    public bool IsOfEarlierLanguage { get; init; }
}
