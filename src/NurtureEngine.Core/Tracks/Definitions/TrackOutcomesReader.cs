using System.Collections.Immutable;
using NurtureEngine.Core.Diagnostics;
using NurtureEngine.Core.Rulebooks;

namespace NurtureEngine.Core.Tracks.Definitions;

/// <summary>Reads what the ways out of a track mean.</summary>
internal static class TrackOutcomesReader
{
    private static readonly string[] Words = ["success", "neutral", "failure"];

    public static TrackOutcomes Read(JsonShape nurture, LifeCycle? cycle)
    {
        if (nurture.Object("outcomes") is not { } outcomes)
        {
            return TrackOutcomes.Usual;
        }

        var marked = ImmutableSortedDictionary.CreateBuilder<string, TrackOutcome>(StringComparer.Ordinal);
        foreach (var end in outcomes.Element.EnumerateObject().Select(property => property.Name))
        {
            // Codes have a dot, stages have none.
            if (!end.Contains('.', StringComparison.Ordinal) && cycle is not null && cycle.FindStage(end) is null)
            {
                outcomes.Fault(
                    end,
                    $"is no stage of life cycle '{cycle.Name}' and no code; expected {string.Join(", ", cycle.Stages.Select(stage => stage.Name))}, or a code such as track.completed."
                );
            }

            if (outcomes.Choice(end, Words) is { } word)
            {
                marked[end] = Enum.Parse<TrackOutcome>(word, ignoreCase: true);
            }
        }

        return new TrackOutcomes(marked.ToImmutable());
    }
}
