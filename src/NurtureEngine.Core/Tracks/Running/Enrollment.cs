using System.Collections.Immutable;
using NurtureEngine.Core.Touches;

namespace NurtureEngine.Core.Tracks.Running;

/// <summary>One lead in one track version: where it stands, and whether it still runs.</summary>
public sealed record Enrollment(EnrollmentId Id, EnrollmentState State, Standing Standing)
{
    public ImmutableArray<Token> Tokens => Standing.Tokens;

    /// <summary>When the lead entered the track (business time).</summary>
    public DateTimeOffset EnteredAt { get; init; }

    /// <summary>When the track's time limit ends it; null where it has none.</summary>
    public DateTimeOffset? LeavesAt { get; init; }

    /// <summary>When it is next due (business time); null while it waits for a touch only and has no time limit, or has ended.</summary>
    public DateTimeOffset? DueAt(DateTimeOffset now) =>
        State != EnrollmentState.Active ? null
        : Tokens.Any(token => token.IsEntering) ? now
        : Tokens.Select(token => token.WakeAt).Append(LeavesAt).Min();

    /// <summary>The touches whose settlement it waits for.</summary>
    public IEnumerable<TouchId> Awaited =>
        Tokens.Where(token => token.Awaits is not null).Select(token => token.Awaits!.Value);
}

/// <summary>How an enrollment stands.</summary>
public enum EnrollmentState
{
    Active,

    /// <summary>Ran to its end.</summary>
    Completed,

    /// <summary>Left by an exit rule.</summary>
    Exited,

    /// <summary>Stopped by a fault; a person can retry it.</summary>
    Parked,

    /// <summary>Held while its lead or account is paused, or sales has the lead.</summary>
    Paused,
}
