using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Rulebooks;

namespace NurtureEngine.Core.Gates;

/// <summary>What the gate knows of a touch at the moment it is to leave, read under the locks that keep it true.</summary>
public sealed record GateView
{
    public required Lead Lead { get; init; }

    /// <summary>Null where the lead has no company.</summary>
    public Account? Account { get; init; }

    public required Rulebook Rulebook { get; init; }

    public required string Channel { get; init; }

    public required string Purpose { get; init; }

    /// <summary>Whether the lead's address on this channel must not be contacted.</summary>
    public bool IsSuppressed { get; init; }

    /// <summary>Whether a person has said yes to this very touch.</summary>
    public bool IsApproved { get; init; }

    /// <summary>Whether the enrollment that planned it, or its track, is paused; the touch then waits.</summary>
    public bool IsPaused { get; init; }

    /// <summary>Whether the enrollment that planned it still runs.</summary>
    public bool IsEnrolled { get; init; }
}
