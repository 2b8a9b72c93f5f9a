using System.Collections.Immutable;

namespace NurtureEngine.Core.Rulebooks;

/// <summary>A configured sequence of stages.</summary>
public sealed record LifeCycle(string Name, ImmutableArray<Stage> Stages)
{
    /// <summary>A stage by name, whatever its case; null where the life cycle has none of that name.</summary>
    public Stage? FindStage(string name) =>
        Stages.FirstOrDefault(stage => string.Equals(stage.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>How far along a stage is, from 0; -1 for null and for one that the rulebook has lost.</summary>
    public int IndexOf(string? stage) =>
        stage is null || FindStage(stage) is not { } found ? -1 : Stages.IndexOf(found);
}

/// <summary>One stage, with the stage of the buyer's cognition (5A) that goes with it; null where none does.</summary>
public sealed record Stage(string Name, string? Cognition)
{
    /// <summary>What the stage is, for those who read its name beside a number; null where nobody has said.</summary>
    public LocalisedText? Definition { get; init; }

    /// <summary>Who answers for leads coming this far, such as <c>marketing</c>; null where nobody does.</summary>
    public string? Owner { get; init; }

    /// <summary>How many of a hundred leads of the stage before are meant to come this far; null where no target is set.</summary>
    public decimal? TargetRate { get; init; }

    /// <summary>How long a lead is meant to stay at most; null where no target is set.</summary>
    public TimeSpan? TargetTime { get; init; }

    /// <summary>What a lead is moved here by, while their CRM says nothing; null where only a CRM or a person moves them.</summary>
    public StageRule? Rule { get; init; }
}

/// <summary>
/// What must be true of a lead to be moved to a stage: everything that is given. A rule only ever moves a lead forward.
/// </summary>
/// <param name="Score">The least score; null where the score does not matter.</param>
/// <param name="Criteria">Of how many criteria of qualification there must be evidence; 0 where that does not matter.</param>
/// <param name="Signs">What a lead does at this stage: types or names of activities, one of which they must have shown; empty where that does not matter.</param>
/// <param name="SilentFor">How long nobody else must have said anything about the lead's stage in this life cycle.</param>
public sealed record StageRule(long? Score, int Criteria, ImmutableArray<string> Signs, TimeSpan SilentFor);
