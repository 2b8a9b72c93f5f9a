using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using NurtureEngine.Core.Contents;
using NurtureEngine.Core.Diagnostics;
using NurtureEngine.Core.Tracks.Activities;
using NurtureEngine.Core.Tracks.Activities.Elsa;
using NurtureEngine.Core.Tracks.Flows;

namespace NurtureEngine.Core.Tracks.Definitions;

/// <summary>Compiles the activities of one definition, those within others too, and checks each flow.</summary>
internal sealed class DefinitionReader(JsonShape definition, CompileContext context, List<Diagnostic> faults)
{
    private const int MaxNested = 20;
    private readonly Dictionary<StepId, CompiledActivity> _steps = [];
    private readonly Dictionary<string, string> _variables = VariablesOf(definition);
    private int _depth;

    public IEnumerable<Step> Steps => _steps.Values.Select(step => step.Step).OfType<Step>();

    /// <summary>The steps whose ports follow from their inputs, with these.</summary>
    public IEnumerable<(StepId Id, ImmutableArray<string> Ports)> OwnPorts =>
        _steps
            .Values.Where(step => step.Type?.MorePorts is not null && step.Step is not null)
            .Select(step =>
                (step.Step!.Id, step.Type!.MorePorts!(step.Step).Distinct(StringComparer.Ordinal).ToImmutableArray())
            );

    public IEnumerable<string> VariableNames => _variables.Values.Distinct();

    /// <summary>The name of a variable that is given by its id, its name, or as JSON; null where there is none.</summary>
    public string? VariableOf(string given)
    {
        if (given.StartsWith('{'))
        {
            try
            {
                using var variable = JsonDocument.Parse(given);
                given = TextIn(variable.RootElement, "id") ?? TextIn(variable.RootElement, "name") ?? "";
            }
            catch (JsonException)
            {
                return null;
            }
        }

        return _variables.GetValueOrDefault(given);
    }

    public bool IsKnown(string path) =>
        KnownFields.IsKnown(path)
        || path == "variables"
        || (path.StartsWith("variables.", StringComparison.Ordinal) && _variables.ContainsValue(path.Split('.')[1]));

    /// <summary>Compiles an activity and all within it; null where it has no id or type.</summary>
    public StepId? Compile(JsonElement activity, string within)
    {
        var shape = new JsonShape(activity, $"/{within}", faults);
        var id = shape.RequiredText("id");
        if (id.Length > JsonShape.MaxId)
        {
            shape.Fault("id", $"has {id.Length} characters; expected at most {JsonShape.MaxId}.");
        }

        var name = shape.Text("name") is { Length: > 0 } named ? named : id;
        var type = shape.RequiredText("type");
        if (id.Length == 0 || type.Length == 0)
        {
            return null;
        }

        if (!ActivityTypes.All.TryGetValue(type, out var known))
        {
            faults.Add(
                new Diagnostic(
                    $"step '{name}'",
                    $"The activity '{type}' is not known; expected one of {string.Join(", ", ActivityTypes.All.Keys.Order(StringComparer.Ordinal))}."
                )
            );
        }

        if (!_steps.TryAdd(new StepId(id), new CompiledActivity(name, known, null, null)))
        {
            faults.Add(new Diagnostic($"step '{name}'", $"The id '{id}' is used by more than one activity."));
            return new StepId(id);
        }

        if (++_depth > MaxNested)
        {
            faults.Add(new Diagnostic($"step '{name}'", $"Activities are nested deeper than {MaxNested} levels."));
        }
        else if (known is not null)
        {
            var step = known.Compile(
                new ActivityReader(activity, new StepId(id), name, context, this, faults) { Type = known }
            );
            _steps[new StepId(id)] = new CompiledActivity(
                name,
                known,
                WithMergeMode(activity, step, name) with
                {
                    Journey = JourneyReader.Read(
                        activity,
                        name,
                        context.Rulebook.FindLifeCycle(context.LifeCycle),
                        faults
                    ),
                },
                CanStart(activity)
            );
        }

        _depth--;
        return new StepId(id);
    }

    public ImmutableArray<StepId> CompileAll(JsonElement container, string property, string within) =>
        [
            .. new JsonShape(container, $"/{within}", faults)
                .Objects(property)
                .Select(child => Compile(child.Element, within))
                .OfType<StepId>(),
        ];

    /// <summary>A flowchart: at the root it starts at its triggers, else at its one start.</summary>
    public Flowchart CompileFlowchart(JsonElement element, StepId id, string name)
    {
        var isRoot = _depth == 1;
        var children = CompileAll(element, "activities", name);
        var flow = new FlowReader(_steps, context.IsPublished, faults);
        var connections = flow.Connections(new JsonShape(element, $"/{name}", faults), children);
        var starts = isRoot
            // Which is listed first means nothing, since the designer shuffles them.
            ? children
                .Where(child => _steps[child].IsTrigger)
                .OrderBy(child => child.Value, StringComparer.Ordinal)
                .ToImmutableArray()
            : StartOf(element, children, connections);
        var graphs = starts.ToFrozenDictionary(start => start, start => FlowGraph.From(start, connections));
        flow.Check(name, isRoot, children, connections, [.. graphs.Values]);
        return new Flowchart(id, name, children, graphs, starts.IsEmpty ? null : starts[0]);
    }

    // As Elsa chooses: the start that is named, a Start activity, one marked as a start, the first that nothing leads to.
    private ImmutableArray<StepId> StartOf(
        JsonElement flowchart,
        ImmutableArray<StepId> children,
        List<Connection> connections
    )
    {
        var named = TextIn(flowchart, "start") is { } given ? new StepId(given) : (StepId?)null;
        var start =
            children.Cast<StepId?>().FirstOrDefault(child => child == named)
            ?? children.Cast<StepId?>().FirstOrDefault(child => _steps[child!.Value].Step is Start)
            ?? children.Cast<StepId?>().FirstOrDefault(child => _steps[child!.Value].CanStart == true)
            ?? children
                .Cast<StepId?>()
                .FirstOrDefault(child => connections.TrueForAll(connection => connection.To != child))
            ?? (children.IsEmpty ? null : children[0]);
        return start is { } found ? [found] : [];
    }

    // Elsa's default counts arrivals and has no merge modes; those that mean one of its joins are honoured.
    private Step WithMergeMode(JsonElement activity, Step step, string name)
    {
        var mode = CustomProperty(activity, "mergeMode") is { ValueKind: JsonValueKind.String } text
            ? text.GetString()
            : null;
        switch (mode)
        {
            case null or "Stream":
                return step;
            case "Merge":
                return step with { Join = JoinMode.WaitAll };
            case "Race":
                return step with { Join = JoinMode.WaitAny };
            default:
                faults.Add(
                    new Diagnostic(
                        $"step '{name}'",
                        $"'mergeMode' '{mode}' can't be run; expected Stream, Merge or Race, or a FlowJoin before the step."
                    )
                );
                return step;
        }
    }

    /// <summary>Whether an activity that is being compiled stands in the outermost flowchart and is marked as a start.</summary>
    public bool IsStart(JsonElement activity) => _depth == 2 && CanStart(activity) == true;

    // The designer marks only the first trigger that is dropped, so that nothing said is no refusal.
    private static bool? CanStart(JsonElement activity) =>
        CustomProperty(activity, "canStartWorkflow") is { ValueKind: JsonValueKind.True or JsonValueKind.False } flag
            ? flag.GetBoolean()
            : null;

    private static JsonElement? CustomProperty(JsonElement activity, string name) =>
        activity.TryGetProperty("customProperties", out var custom)
        && custom.ValueKind == JsonValueKind.Object
        && custom.TryGetProperty(name, out var value)
            ? value
            : null;

    private static string? TextIn(JsonElement shape, string name) =>
        shape.ValueKind == JsonValueKind.Object
        && shape.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    // By id and by name: expressions use either.
    private static Dictionary<string, string> VariablesOf(JsonShape definition)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var variable in definition.Objects("variables"))
        {
            var name = variable.RequiredText("name");
            names[name] = name;
            names[variable.Text("id") ?? name] = name;
        }

        return names;
    }
}
