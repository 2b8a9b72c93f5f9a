using System.Collections.Immutable;
using NurtureEngine.Core.Touches;

namespace NurtureEngine.Core.Tracks.Running;

/// <summary>One lead in one track version: where it stands, and whether it still runs.</summary>
public sealed record Enrollment(EnrollmentId Id, EnrollmentState State, Standing Standing)
{
    public ImmutableArray<Token> Tokens => Standing.Tokens;

    /// <summary>When it is next due (business time); null while it waits for a touch only, or has ended.</summary>
    public DateTimeOffset? DueAt(DateTimeOffset now) =>
        State != EnrollmentState.Active ? null
        : Tokens.Any(token => token.IsEntering) ? now
        : Tokens.Min(token => token.WakeAt);

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
}
