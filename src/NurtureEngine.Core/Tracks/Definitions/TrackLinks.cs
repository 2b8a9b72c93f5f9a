using NurtureEngine.Core.Diagnostics;

namespace NurtureEngine.Core.Tracks.Definitions;

/// <summary>What one definition can't tell by itself: whether the tracks that it sends leads to are there.</summary>
public static class TrackLinks
{
    public static IEnumerable<Diagnostic> Check(Track track, IReadOnlyCollection<string> known) =>
        track
            .LeadsTo.Where(target => !known.Contains(target))
            .Distinct(StringComparer.Ordinal)
            .Select(target => new Diagnostic(
                "tracks",
                $"'{target}', which leads are sent on to, is no track; expected one of {string.Join(", ", known.Order(StringComparer.Ordinal))}."
            ));
}
