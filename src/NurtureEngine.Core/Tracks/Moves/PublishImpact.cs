namespace NurtureEngine.Core.Tracks.Moves;

/// <summary>What publishing a draft means for those who are in the track.</summary>
/// <param name="Groups">Those who stand alike, the largest group first.</param>
/// <param name="IsCut">Whether there are more enrollments than were looked at.</param>
public sealed record PublishImpact(IReadOnlyList<ImpactGroup> Groups, bool IsCut)
{
    /// <summary>How many enrollments are looked at; more than these stay in their version unless their step was chosen.</summary>
    public const int Bound = 200_000;
}

/// <summary>Enrollments of one version that stand at one step and would fare alike.</summary>
public sealed record ImpactGroup
{
    /// <summary>The number of the version they are in.</summary>
    public required int Version { get; init; }

    /// <summary>The id of the step.</summary>
    public required string Step { get; init; }

    /// <summary>Its name.</summary>
    public required string StepName { get; init; }
    public required int Count { get; init; }

    /// <summary>What would become of them if they moved. Enrollments that are not moved stay and finish their current version.</summary>
    public required MoveEffect Effect { get; init; }

    /// <summary>The steps that they would come to again, by name.</summary>
    public IReadOnlyList<string> Repeated { get; init; } = [];

    /// <summary>Whether they can't move.</summary>
    public bool MustStay => Effect != MoveEffect.Moves;
}

/// <summary>The choice that those at a step of a version move to the one that is published.</summary>
/// <param name="Version">The number of the version they are in.</param>
/// <param name="Step">The id of the step.</param>
public sealed record MoveChoice(int Version, string Step);
