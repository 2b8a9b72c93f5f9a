using System.Collections.Immutable;
using NurtureEngine.Core.Tracks.Flows;

namespace NurtureEngine.Core.Tracks.Running;

/// <summary>
/// One run of a step that has steps within it. Its number is its place in the enrollment's list and never changes while it
/// runs; 0 is the outermost flowchart.
/// </summary>
public sealed record Frame(int Number, StepId Container)
{
    /// <summary>The frame that the container itself runs in.</summary>
    public int Parent { get; init; }

    /// <summary>The step that a flowchart was started with.</summary>
    public StepId Start { get; init; }

    /// <summary>How many steps of a sequence have been begun.</summary>
    public int Begun { get; init; }

    /// <summary>Whether a loop's way back led to the container.</summary>
    public bool IsBack { get; init; }

    /// <summary>What has arrived before the steps that join branches; those where all is even are left out.</summary>
    public ImmutableSortedDictionary<StepId, Arrivals> Joins { get; init; } = NoJoins;

    public static ImmutableSortedDictionary<StepId, Arrivals> NoJoins { get; } =
        ImmutableSortedDictionary.Create<StepId, Arrivals>(
            Comparer<StepId>.Create((one, other) => string.CompareOrdinal(one.Value, other.Value))
        );

    public bool Equals(Frame? other) =>
        other is not null
        && (Number, Container, Parent, Start, Begun, IsBack)
            == (other.Number, other.Container, other.Parent, other.Start, other.Begun, other.IsBack)
        && Joins.SequenceEqual(other.Joins);

    public override int GetHashCode() => HashCode.Combine(Number, Container);
}
