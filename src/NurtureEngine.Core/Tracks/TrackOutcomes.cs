using System.Collections.Immutable;

namespace NurtureEngine.Core.Tracks;

/// <summary>What it means for a track that a lead has left it.</summary>
public enum TrackOutcome
{
    /// <summary>Neither for the track nor against it.</summary>
    Neutral,

    /// <summary>What the track is for.</summary>
    Success,

    /// <summary>What it should have prevented.</summary>
    Failure,
}

/// <summary>Which ways out of a track are successes and which failures.</summary>
/// <param name="Marked">
/// What the track says itself, by the stage at which its leads leave (such as <c>SQL</c>) or by the code with which they leave (such as
/// <c>track.completed</c>).
/// </param>
public sealed record TrackOutcomes(ImmutableSortedDictionary<string, TrackOutcome> Marked)
{
    private static readonly ImmutableSortedDictionary<string, TrackOutcome> Defaults =
        ImmutableSortedDictionary.CreateRange(
            StringComparer.Ordinal,
            new Dictionary<string, TrackOutcome>
            {
                ["goal.reached"] = TrackOutcome.Success,
                ["stage.advanced"] = TrackOutcome.Success,
                ["stage.regressed"] = TrackOutcome.Failure,
                ["lead.complained"] = TrackOutcome.Failure,
                ["lead.unsubscribed"] = TrackOutcome.Failure,
            }
        );

    /// <summary>Those of a track that says nothing.</summary>
    public static TrackOutcomes Usual { get; } =
        new(ImmutableSortedDictionary.Create<string, TrackOutcome>(StringComparer.Ordinal));

    /// <summary>What an end means: the stage goes before the code, and what the track says before what is usual.</summary>
    /// <param name="code">The code with which the lead left.</param>
    /// <param name="stage">The stage that ended it; null where none did.</param>
    public TrackOutcome Of(string code, string? stage) =>
        stage is not null && Marked.TryGetValue(stage, out var byStage) ? byStage
        : Marked.TryGetValue(code, out var byCode) ? byCode
        : Defaults.GetValueOrDefault(code);
}
