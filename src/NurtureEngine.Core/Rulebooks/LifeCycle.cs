using System.Collections.Immutable;

namespace NurtureEngine.Core.Rulebooks;

/// <summary>A configured sequence of stages.</summary>
public sealed record LifeCycle(string Name, ImmutableArray<Stage> Stages)
{
    /// <summary>A stage by name, whatever its case; null where the life cycle has none of that name.</summary>
    public Stage? FindStage(string name) =>
        Stages.FirstOrDefault(stage => string.Equals(stage.Name, name, StringComparison.OrdinalIgnoreCase));
}

/// <summary>One stage, with the stage of the buyer's cognition (5A) that goes with it; null where none does.</summary>
public sealed record Stage(string Name, string? Cognition);
