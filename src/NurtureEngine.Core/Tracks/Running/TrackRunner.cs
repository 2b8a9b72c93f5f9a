using System.Collections.Immutable;
using NurtureEngine.Core.Touches;

namespace NurtureEngine.Core.Tracks.Running;

/// <summary>
/// Moves one enrollment as far as it can go now. Pure and total: the same arguments give the same turn, and what cannot go
/// on is parked, never thrown.
/// </summary>
public static class TrackRunner
{
    /// <summary>
    /// Advances what is due at <paramref name="now"/> (business time) and what waited for one of the touches that are
    /// settled. The values are what expressions read; their variables are those that the enrollment holds.
    /// </summary>
    public static Turn Advance(
        Track track,
        Enrollment enrollment,
        RunValues values,
        IReadOnlySet<TouchId> settled,
        DateTimeOffset now
    ) => new FlowRun(track, enrollment, values, now).Advance(settled);
}

/// <summary>The enrollment as it stands after a turn, and what is to be done.</summary>
public sealed record Turn(Enrollment Enrollment, ImmutableArray<Decision> Decisions);
