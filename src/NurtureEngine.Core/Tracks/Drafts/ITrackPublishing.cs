using NurtureEngine.Core.Tracks.Moves;

namespace NurtureEngine.Core.Tracks.Drafts;

/// <summary>Brings drafts into force, and tracks out of it.</summary>
public interface ITrackPublishing
{
    /// <summary>What publishing the draft would mean for those who are in the track; null if there is no draft or it has faults.</summary>
    Task<PublishImpact?> ImpactAsync(string definitionId, CancellationToken cancellationToken);

    /// <summary>Publishes the designer's draft.</summary>
    Task<DraftPublished> PublishAsync(PublishOrder order, CancellationToken cancellationToken);

    /// <summary>Takes a track out of force: no lead enters it any more, and those in it go on. What was in force becomes a draft.</summary>
    Task<DraftPublished> RetractAsync(string definitionId, string actor, CancellationToken cancellationToken);
}
