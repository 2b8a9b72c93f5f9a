using System.Collections.Immutable;
using NurtureEngine.Core.Diagnostics;
using NurtureEngine.Core.Tracks.Activities;

namespace NurtureEngine.Core.Tracks.Definitions;

/// <summary>Compiles an Elsa 3 workflow definition into a track, or names everything that is wrong with it.</summary>
public static class TrackCompiler
{
    /// <summary>The track, or null and every fault, each with its step and what was expected.</summary>
    public static Track? TryCompile(
        ReadOnlyMemory<byte> json,
        CompileContext context,
        out ImmutableArray<Diagnostic> faults
    )
    {
        var found = new List<Diagnostic>();
        Track? track = null;
        if (JsonShape.TryParse(json, found, out var document))
        {
            using (document)
            {
                track = Compile(new JsonShape(document.RootElement, "", found), context, found);
            }
        }

        faults = [.. found];
        return found.Count == 0 ? track : null;
    }

    private static Track? Compile(JsonShape definition, CompileContext context, List<Diagnostic> faults)
    {
        var definitionId = definition.RequiredText("definitionId");
        var name = definition.RequiredText("name");
        var settings = SettingsReader.Read(definition, context.Rulebook);
        if (definition.RequiredObject("root") is not { } root)
        {
            return null;
        }

        if (root.RequiredText("type") is { Length: > 0 } type and not "Elsa.Flowchart")
        {
            root.Fault("type", $"'{type}' can't be run; expected 'Elsa.Flowchart'.");
            return null;
        }

        var steps = ReadSteps(root, context with { LifeCycle = settings.LifeCycle }, faults);
        var flow = FlowReader.Read(root, steps, faults);
        return new Track
        {
            DefinitionId = definitionId,
            Name = name,
            IsPublished = definition.Boolean("isPublished") ?? true,
            Settings = settings,
            Steps = steps
                .Values.Where(step => step.Step is not null)
                .ToImmutableDictionary(step => step.Step!.Id, step => step.Step!),
            Connections = flow,
        };
    }

    private static Dictionary<string, CompiledActivity> ReadSteps(
        JsonShape root,
        CompileContext context,
        List<Diagnostic> faults
    )
    {
        var steps = new Dictionary<string, CompiledActivity>(StringComparer.Ordinal);
        foreach (var shape in root.RequiredObjects("activities"))
        {
            var id = shape.RequiredText("id");
            var name = shape.Text("name") is { Length: > 0 } named ? named : id;
            var type = shape.RequiredText("type");
            if (id.Length == 0 || type.Length == 0)
            {
                continue;
            }

            if (!ActivityTypes.All.TryGetValue(type, out var activity))
            {
                faults.Add(
                    new Diagnostic(
                        $"step '{name}'",
                        $"The activity '{type}' is not known; expected one of {string.Join(", ", ActivityTypes.All.Keys.Order(StringComparer.Ordinal))}."
                    )
                );
            }

            var step = activity?.Compile(new ActivityReader(shape.Element, new StepId(id), name, context, faults));
            if (!steps.TryAdd(id, new CompiledActivity(name, activity, step)))
            {
                faults.Add(new Diagnostic($"step '{name}'", $"The id '{id}' is used by more than one activity."));
            }
        }

        return steps;
    }
}

/// <summary>An activity of a definition; type and step are null where the type is unknown.</summary>
internal sealed record CompiledActivity(string Name, ActivityType? Type, Step? Step);
