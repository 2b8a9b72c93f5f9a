namespace NurtureEngine.Core.Tracks;

/// <summary>One published version of a track.</summary>
public readonly record struct TrackVersionId(int Value);
