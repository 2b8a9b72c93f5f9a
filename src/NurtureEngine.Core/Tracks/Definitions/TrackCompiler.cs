using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using NurtureEngine.Core.Diagnostics;
using NurtureEngine.Core.Tracks.Activities;
using NurtureEngine.Core.Tracks.Activities.Triggers;

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
                CheckForNul(JsonShape.WithoutMarks(json).Span, found);
                track = Compile(new JsonShape(document.RootElement, "", found), context, found);
            }
        }

        faults = [.. found];
        return found.Count == 0 ? track : null;
    }

    /// <summary>The id that a definition gives itself, however faulty it is otherwise; null where it gives none.</summary>
    public static string? IdOf(ReadOnlyMemory<byte> json)
    {
        var faults = new List<Diagnostic>();
        if (!JsonShape.TryParse(json, faults, out var document))
        {
            return null;
        }

        using (document)
        {
            return new JsonShape(document.RootElement, "", faults).Text("definitionId");
        }
    }

    /// <summary>The ports of those activities whose ports follow from their inputs, by activity id, however faulty the definition is.</summary>
    public static FrozenDictionary<string, ImmutableArray<string>> PortsOf(
        ReadOnlyMemory<byte> json,
        CompileContext context
    )
    {
        var faults = new List<Diagnostic>();
        if (!JsonShape.TryParse(json, faults, out var document))
        {
            return FrozenDictionary<string, ImmutableArray<string>>.Empty;
        }

        using (document)
        {
            var definition = new JsonShape(document.RootElement, "", faults);
            var settings = SettingsReader.Read(definition, context);
            var reader = new DefinitionReader(definition, context with { LifeCycle = settings.LifeCycle }, faults);
            if (definition.Object("root") is { } root)
            {
                reader.Compile(root.Element, "root");
            }

            return reader.OwnPorts.ToFrozenDictionary(
                step => step.Id.Value,
                step => step.Ports,
                StringComparer.Ordinal
            );
        }
    }

    private static Track? Compile(JsonShape definition, CompileContext context, List<Diagnostic> faults)
    {
        var definitionId = definition.RequiredText("definitionId");
        if (definitionId.Length > JsonShape.MaxId)
        {
            definition.Fault(
                "definitionId",
                $"has {definitionId.Length} characters; expected at most {JsonShape.MaxId}."
            );
        }

        var name = definition.RequiredText("name");
        var settings = SettingsReader.Read(definition, context);
        if (definition.RequiredObject("root") is not { } root)
        {
            return null;
        }

        if (root.RequiredText("type") is { Length: > 0 } type and not "Elsa.Flowchart")
        {
            root.Fault("type", $"'{type}' can't be run; expected 'Elsa.Flowchart'.");
            return null;
        }

        var reader = new DefinitionReader(definition, context with { LifeCycle = settings.LifeCycle }, faults);
        var compiled = reader.Compile(root.Element, "root");
        foreach (
            var trigger in reader
                .Steps.OfType<LeadStageChanged>()
                .Where(trigger =>
                    trigger.LifeCycle == settings.LifeCycle && settings.ExitStages.Contains(trigger.Stage)
                )
        )
        {
            faults.Add(
                new Diagnostic(
                    $"step '{trigger.Name}'",
                    $"The stage '{trigger.Stage}' is an exit stage of the track too; nobody would ever enter."
                )
            );
        }

        if (settings.TimeLimit is null)
        {
            faults.AddRange(
                reader
                    .Steps.Where(step => step.IsEndless)
                    .Select(step => new Diagnostic(
                        $"step '{step.Name}'",
                        "The wait may have no end; expected a 'timeout' here, or a 'timeLimit' of the track."
                    ))
            );
        }

        return compiled is not { } rootId
            ? null
            : new Track
            {
                DefinitionId = definitionId,
                Name = name,
                IsPublished = definition.Boolean("isPublished") ?? true,
                Settings = settings,
                Root = rootId,
                Steps = reader.Steps.ToFrozenDictionary(step => step.Id),
                Variables = VariablesOf(definition),
            };
    }

    // Names and texts end in the ledger and in tasks, where PostgreSQL refuses a NUL, together with the whole batch.
    private static void CheckForNul(ReadOnlySpan<byte> json, List<Diagnostic> faults)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = JsonShape.MaxDepth });
        while (reader.Read())
        {
            if (
                reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName
                && reader.GetString()!.Contains('\0', StringComparison.Ordinal)
            )
            {
                faults.Add(new Diagnostic("#", "A text holds a NUL character (\\u0000); expected none."));
                return;
            }
        }
    }

    // What a variable holds before anything is assigned to it; one without a value is empty.
    private static ImmutableSortedDictionary<string, string> VariablesOf(JsonShape definition) =>
        definition
            .Objects("variables")
            .Where(variable =>
                variable.Raw("value") is { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) }
            )
            .Select(variable => (Name: variable.Text("name") ?? "", Value: variable.Raw("value")!.Value))
            .GroupBy(variable => variable.Name, StringComparer.Ordinal)
            .ToImmutableSortedDictionary(
                group => group.Key,
                group =>
                    group.First().Value is { ValueKind: JsonValueKind.String } text
                        ? text.GetString()!
                        : group.First().Value.GetRawText(),
                StringComparer.Ordinal
            );
}
