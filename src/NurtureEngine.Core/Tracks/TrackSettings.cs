using System.Collections.Immutable;
using NurtureEngine.Core.Cadences;
using NurtureEngine.Core.Rulebooks;
using NurtureEngine.Core.Templating;

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

    /// <summary>What becomes of it when a track of a higher priority takes the lead in its lane.</summary>
    public WhenTaken WhenTaken { get; init; }

    /// <summary>Which touches go first, and which track of a lane: 0 to 100, higher first.</summary>
    public int Priority { get; init; } = UsualPriority;

    /// <summary>Whether a lead may be enrolled again by a further occasion, once it has left.</summary>
    public ReEnrolment ReEnrolment { get; init; }

    /// <summary>The stages at which a lead leaves the track.</summary>
    public ImmutableArray<string> ExitStages { get; init; } = [];

    /// <summary>Who may enter: a condition over the lead at the moment of entering; null lets everyone in.</summary>
    public Condition? Audience { get; init; }

    /// <summary>What the track is for and judged by; null where it does not say.</summary>
    public TrackAim? Aim { get; init; }

    /// <summary>What its makers expect of it, in their words; null where they do not say.</summary>
    public string? ExpectedResult { get; init; }

    /// <summary>What its makers expect of it in numbers.</summary>
    public ExpectedRates ExpectedRates { get; init; } = new(null, null, null);

    /// <summary>Its own rules on when its touches leave, beside the rulebook's; null where it has none.</summary>
    public CadenceRules? Cadence { get; init; }

    /// <summary>What becomes of a touch that the rules of cadence do not allow when it is due.</summary>
    public WhenHeld WhenHeld { get; init; }

    /// <summary>What becomes of a touch whose content the lead has had.</summary>
    public WhenRepeated WhenRepeated { get; init; }

    /// <summary>The rulebook's rules and the track's own.</summary>
    public CadenceRules CadenceUnder(Rulebook rulebook) =>
        Cadence is null ? rulebook.Cadence : rulebook.Cadence.NarrowedBy(Cadence);

    /// <summary>A lead of which this holds has reached the aim: it leaves at once, or does not enter.</summary>
    public Condition? Goal { get; init; }

    /// <summary>A lead of which this holds leaves at once, or does not enter.</summary>
    public Condition? ExitWhen { get; init; }

    /// <summary>Whether a lead that replies leaves at once.</summary>
    public bool ExitsOnReply { get; init; }

    /// <summary>The track, by its definition id, that a lead goes on to at the end or when the time limit is over; null for none.</summary>
    public string? Successor { get; init; }

    /// <summary>What becomes of it when another track hands the lead to sales.</summary>
    public AtHandoff AtHandoff { get; init; }

    /// <summary>How long a lead may stay at most, counted from entering; null without a limit.</summary>
    public TimeSpan? TimeLimit { get; init; }

    /// <summary>The person responsible for it, a user name or an e-mail address; null if none.</summary>
    public string? Owner { get; init; }

    /// <summary>What each way out of it means.</summary>
    public TrackOutcomes Outcomes { get; init; } = TrackOutcomes.Usual;

    /// <summary>The rulebook's sender that speaks in this track.</summary>
    public string Sender { get; init; } = "default";
}

/// <summary>The one aim of a track.</summary>
public enum TrackAim
{
    Spread,
    Acquire,
    Win,
    Serve,
}

/// <summary>What becomes of a track when its lead is handed to sales by another one.</summary>
public enum AtHandoff
{
    /// <summary>The lead leaves.</summary>
    End,

    /// <summary>Nothing happens until sales gives the lead back.</summary>
    Pause,

    /// <summary>It goes on beside sales.</summary>
    Continue,
}

/// <summary>What becomes of a track when one of a higher priority takes its lead.</summary>
public enum WhenTaken
{
    /// <summary>The lead leaves.</summary>
    End,

    /// <summary>It is set aside: nothing happens until nobody else is in the lane. Its time limit runs on.</summary>
    Pause,
}

/// <summary>What becomes of a touch that the rules of cadence do not allow when it is due.</summary>
public enum WhenHeld
{
    /// <summary>It moves to the next moment that they allow.</summary>
    Defer,

    /// <summary>It is left out, and the track goes on.</summary>
    Skip,
}

/// <summary>What becomes of a touch whose content the lead has had already, from whichever track.</summary>
public enum WhenRepeated
{
    /// <summary>It is left out, and the track goes on.</summary>
    Skip,

    /// <summary>The next piece of the content's pool takes its place; where there is none left it is left out.</summary>
    Replace,

    /// <summary>It is sent again.</summary>
    Send,
}

/// <summary>How often a lead may enter a track.</summary>
public enum ReEnrolment
{
    /// <summary>Once, ever.</summary>
    Once,

    /// <summary>Once per occasion, never twice at the same time.</summary>
    PerOccasion,
}
