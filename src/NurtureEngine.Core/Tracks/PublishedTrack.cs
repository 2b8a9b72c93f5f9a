namespace NurtureEngine.Core.Tracks;

/// <summary>A track version that takes new leads.</summary>
public sealed record PublishedTrack(int TrackId, TrackVersionId Version, Track Track);
