using System.Collections.Immutable;

namespace NurtureEngine.Core.Tracks.Running;

/// <summary>
/// Moves one enrollment as far as it can go now. Pure and total: the same arguments give the same turn, and what cannot go
/// on is parked, never thrown.
/// </summary>
public static class TrackRunner
{
    /// <summary>
    /// Advances what is due at <paramref name="now"/> (business time) and what waited for one of the touches or signals of
    /// the stimulus. The values are what expressions read; their variables are those that the enrollment holds.
    /// </summary>
    public static Turn Advance(
        Track track,
        Enrollment enrollment,
        RunValues values,
        Stimulus stimulus,
        DateTimeOffset now
    ) => new FlowRun(track, enrollment, values, now).Advance(stimulus);
}

/// <summary>The enrollment as it stands after a turn, and what is to be done.</summary>
public sealed record Turn(Enrollment Enrollment, ImmutableArray<Decision> Decisions);
