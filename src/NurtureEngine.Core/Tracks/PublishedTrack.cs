namespace NurtureEngine.Core.Tracks;

/// <summary>A version of a track that was published once.</summary>
public sealed record PublishedTrack(int TrackId, TrackVersionId Version, Track Track);

/// <summary>
/// The tracks: <paramref name="Current"/> take new leads, and each of <paramref name="All"/> lets its own leads go by its own
/// rules, since a published version never changes.
/// </summary>
public sealed record TrackSet(IReadOnlyList<PublishedTrack> Current, IReadOnlyList<PublishedTrack> All);
