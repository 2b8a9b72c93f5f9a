using NurtureEngine.Core.Diagnostics;

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
    IReadOnlyList<UnusableTrack> Unusable
)
{
    /// <summary>Every version that the look found. A lead in another one was enrolled since.</summary>
    public IEnumerable<TrackVersionId> Seen =>
        All.Select(track => track.Version).Concat(Unusable.Select(track => track.Version));

    /// <summary>Where each version stands among the others.</summary>
    public Dictionary<TrackVersionId, TrackPlace> Places { get; } =
        All.Select(track =>
                (
                    track.Version,
                    Place: new TrackPlace(
                        track.TrackId,
                        track.Track.Settings.Lane,
                        track.Track.Settings.Priority,
                        track.Track.Settings.WhenTaken
                    )
                )
            )
            .Concat(
                Unusable.Select(track =>
                    (track.Version, Place: new TrackPlace(null, track.Lane, track.Priority, track.WhenTaken))
                )
            )
            .ToDictionary(row => row.Version, row => row.Place);
}

/// <summary>Where a version stands among the others.</summary>
/// <param name="TrackId">Its track; null of one that can't be run.</param>
/// <param name="Lane">Its lane; null where it is in none.</param>
/// <param name="Priority">0 to 100, higher first.</param>
/// <param name="WhenTaken">What becomes of it when another track takes its lead.</param>
public sealed record TrackPlace(int? TrackId, string? Lane, int Priority, WhenTaken WhenTaken);

/// <summary>A version that can't be run: the leads in it stay in its lane until somebody takes them out.</summary>
public sealed record UnusableTrack(TrackVersionId Version, string? Lane, int Priority)
{
    /// <summary>What becomes of it when another track takes its lead.</summary>
    public WhenTaken WhenTaken { get; init; }

    /// <summary>The place of a definition that is faulty otherwise: what can't be read is in no lane, or of the usual priority.</summary>
    public static UnusableTrack Read(TrackVersionId version, ReadOnlyMemory<byte> definition)
    {
        var found = new List<Diagnostic>();
        if (!JsonShape.TryParse(definition, found, out var document))
        {
            return new UnusableTrack(version, null, TrackSettings.UsualPriority);
        }

        using (document)
        {
            var nurture = new JsonShape(document.RootElement, "", found).Object("customProperties")?.Object("nurture");
            return new UnusableTrack(
                version,
                nurture?.Text("lane") is { Length: > 0 } lane ? lane : null,
                (int)Math.Clamp(nurture?.Integer("priority") ?? TrackSettings.UsualPriority, 0, 100)
            )
            {
                WhenTaken = nurture?.Text("whenTaken") == "pause" ? WhenTaken.Pause : WhenTaken.End,
            };
        }
    }
}
