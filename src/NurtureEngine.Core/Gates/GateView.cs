using NurtureEngine.Core.Cadences;
using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Leads.Consents;
using NurtureEngine.Core.Rulebooks;
using NurtureEngine.Core.Tracks;

namespace NurtureEngine.Core.Gates;

/// <summary>What the gate knows of a touch at the moment it is to leave, read under the locks that keep it true.</summary>
public sealed record GateView
{
    /// <summary>The moment, business time in UTC.</summary>
    public required DateTimeOffset Now { get; init; }

    public required Lead Lead { get; init; }

    /// <summary>Null where the lead has no company.</summary>
    public Account? Account { get; init; }

    public required Rulebook Rulebook { get; init; }

    /// <summary>The settings of the track that planned it.</summary>
    public required TrackSettings Settings { get; init; }

    public required string Channel { get; init; }

    /// <summary>Where the lead is reached on this channel; null for nowhere.</summary>
    public required string? Address { get; init; }

    /// <summary>Whether anything can be handed over for the address.</summary>
    public required bool IsAddressUsable { get; init; }

    public required string Purpose { get; init; }

    /// <summary>The key of its content.</summary>
    public string Content { get; init; } = "";

    /// <summary>Why the lead's address on this channel must not be contacted; null where it may.</summary>
    public string? Suppression { get; init; }

    /// <summary>Whether a person has said yes to this very touch.</summary>
    public bool IsApproved { get; init; }

    /// <summary>Whether somebody has stopped all sending on this channel.</summary>
    public bool IsStopped { get; init; }

    /// <summary>Whether the enrollment that planned it, or its track, is paused; the touch then waits.</summary>
    public bool IsPaused { get; init; }

    /// <summary>Whether the enrollment that planned it still runs.</summary>
    public bool IsEnrolled { get; init; }

    /// <summary>Whether a touch of higher priority for the same lead, address or account is about to leave, by whatever channel.</summary>
    public bool IsBehind { get; init; }

    /// <summary>Whether the lead has had its content.</summary>
    public bool IsRepeated { get; init; }

    /// <summary>The next piece of its content's pool that the lead has not had; null where there is none.</summary>
    public string? NextPiece { get; init; }

    /// <summary>The lead's clock, and what was sent before.</summary>
    public required CadenceView Cadence { get; init; }

    public bool IsMarketing => Purpose == Consent.Marketing;
}
