using NurtureEngine.Core.People;
using NurtureEngine.Core.Tracks.Drafts;
using NurtureEngine.Core.Tracks.Moves;

namespace NurtureEngine.Postgres.Tracks;

/// <summary>A definition to publish.</summary>
/// <param name="DefinitionId">The track.</param>
/// <param name="Definition">The definition, as JSON.</param>
/// <param name="Now">Business time.</param>
public sealed record TrackPublishing(string DefinitionId, string Definition, DateTimeOffset Now)
{
    /// <summary>The number of the version in force that it replaces; 0 for none.</summary>
    public required int Over { get; init; }

    /// <summary>The draft that ends with it, in the revision that was looked at; null for none.</summary>
    public TrackDraft? Draft { get; init; }

    /// <summary>Who moves to the new version; all others stay in theirs.</summary>
    public IReadOnlyList<MoveChoice> Moves { get; init; } = [];

    /// <summary>The entry in the audit log; its actor is who published the version.</summary>
    public AuditEntry? Entry { get; init; }
}

/// <summary>What came of publishing a definition.</summary>
public enum Publication
{
    /// <summary>It is the version in force.</summary>
    Published,

    /// <summary>That very content is the version in force.</summary>
    Known,

    /// <summary>Another version has come into force meanwhile.</summary>
    Overtaken,
}
