using NurtureEngine.Core.Tracks.Moves;

namespace NurtureEngine.Core.Tracks.Drafts;

/// <summary>What publishing a draft is to do.</summary>
public sealed record PublishOrder
{
    public required string DefinitionId { get; init; }

    /// <summary>Who publishes.</summary>
    public required string Actor { get; init; }

    /// <summary>The revision that was looked at; null publishes whatever was saved last.</summary>
    public int? Revision { get; init; }

    /// <summary>The number of the version in force that the draft replaces; null for the one on which the draft is based.</summary>
    public int? Over { get; init; }

    /// <summary>Who moves to the new version; all others stay in theirs.</summary>
    public IReadOnlyList<MoveChoice> Moves { get; init; } = [];

    /// <summary>Whether the warnings were seen and accepted.</summary>
    public bool AcceptsWarnings { get; init; }
}
