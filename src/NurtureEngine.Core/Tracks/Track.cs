using System.Collections.Immutable;
using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Tracks.Activities;

namespace NurtureEngine.Core.Tracks;

/// <summary>A nurture programme, compiled from one version of its definition; immutable and checked to the last step.</summary>
public sealed record Track
{
    /// <summary>The definition's logical id, constant over its versions.</summary>
    public required string DefinitionId { get; init; }

    public required string Name { get; init; }

    /// <summary>Whether the definition says that it is published; a draft never takes leads.</summary>
    public bool IsPublished { get; init; } = true;

    public required TrackSettings Settings { get; init; }

    public required ImmutableDictionary<StepId, Step> Steps { get; init; }

    /// <summary>Where each port of each step leads.</summary>
    public required ImmutableDictionary<(StepId Step, string Port), ImmutableArray<StepId>> Connections { get; init; }

    /// <summary>The steps behind a port, in the definition's order of connections; empty where none follows.</summary>
    public ImmutableArray<StepId> After(StepId step, string port) => Connections.GetValueOrDefault((step, port), []);

    /// <summary>The trigger that a stage move fires, or null.</summary>
    public Step? TriggeredBy(StageMove move) =>
        Steps
            .Values.OfType<LeadStageChanged>()
            .Where(trigger => trigger.IsFiredBy(move))
            .OrderBy(trigger => trigger.Id.Value, StringComparer.Ordinal)
            .FirstOrDefault();

    /// <summary>Whether a lead that makes this move leaves the track at once.</summary>
    public bool IsLeftBy(StageMove move) =>
        move.Stage.LifeCycle == Settings.LifeCycle && Settings.ExitStages.Contains(move.Stage.Stage);
}
