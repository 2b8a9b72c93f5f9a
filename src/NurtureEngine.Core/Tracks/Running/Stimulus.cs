using System.Collections.Immutable;
using NurtureEngine.Core.Touches;

namespace NurtureEngine.Core.Tracks.Running;

/// <summary>What a turn is told beside the time: the awaited touches that have come to an end, and the signals since, oldest first.</summary>
public sealed record Stimulus(IReadOnlySet<TouchId> Settled, ImmutableArray<Signal> Signals)
{
    public static Stimulus None { get; } = Of(ImmutableHashSet<TouchId>.Empty);

    public static Stimulus Of(IReadOnlySet<TouchId> settled) => new(settled, []);

    public static Stimulus Of(params ImmutableArray<Signal> signals) => new(ImmutableHashSet<TouchId>.Empty, signals);
}
