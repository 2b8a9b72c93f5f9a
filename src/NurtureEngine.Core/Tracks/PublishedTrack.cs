namespace NurtureEngine.Core.Tracks;

/// <summary>A version of a track that was published once.</summary>
public sealed record PublishedTrack(int TrackId, TrackVersionId Version, Track Track);

/// <summary>
/// The tracks as one look at the database found them: <paramref name="Current"/> take new leads, and each of
/// <paramref name="All"/> lets its own leads go by its own rules, since a published version never changes. Besides those,
/// <paramref name="Unusable"/> are in force and can't be run by this program.
/// </summary>
public sealed record TrackSet(
    IReadOnlyList<PublishedTrack> Current,
    IReadOnlyList<PublishedTrack> All,
    IReadOnlyList<TrackVersionId> Unusable
)
{
    /// <summary>Every version that the look found. A lead in another one was enrolled since.</summary>
    public IEnumerable<TrackVersionId> Seen => All.Select(track => track.Version).Concat(Unusable);
}
