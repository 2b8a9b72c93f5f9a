using System.Collections.Immutable;
using NurtureEngine.Scriban;

namespace NurtureEngine.Core.Tracks;

/// <summary>A track's own settings, from <c>customProperties.nurture</c> of its definition.</summary>
public sealed record TrackSettings
{
    public const int UsualPriority = 50;

    /// <summary>The kind of track, such as <c>welcome</c> or <c>drip</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The life cycle its stages belong to.</summary>
    public required string LifeCycle { get; init; }

    /// <summary>The tracks of one lane share a lead: it is in one of them at a time. Null is in no lane.</summary>
    public string? Lane { get; init; }

    /// <summary>Which touches go first, and which track of a lane: 0 to 100, higher first.</summary>
    public int Priority { get; init; } = UsualPriority;

    /// <summary>Whether a lead may be enrolled again by a further occasion, once it has left.</summary>
    public ReEnrolment ReEnrolment { get; init; }

    /// <summary>The stages at which a lead leaves the track.</summary>
    public ImmutableArray<string> ExitStages { get; init; } = [];

    /// <summary>Who may enter: a condition over the lead at the moment of entering; null lets everyone in.</summary>
    public Condition? Audience { get; init; }

    /// <summary>How long a lead may stay at most, counted from entering; null without a limit.</summary>
    public TimeSpan? TimeLimit { get; init; }

    /// <summary>The rulebook's sender that speaks in this track.</summary>
    public string Sender { get; init; } = "default";
}

/// <summary>How often a lead may enter a track.</summary>
public enum ReEnrolment
{
    /// <summary>Once, ever.</summary>
    Once,

    /// <summary>Once per occasion, never twice at the same time.</summary>
    PerOccasion,
}
