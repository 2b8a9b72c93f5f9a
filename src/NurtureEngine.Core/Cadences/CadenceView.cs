using System.Collections.Immutable;
using NodaTime;

namespace NurtureEngine.Core.Cadences;

/// <summary>What the rules of cadence look at besides the clock.</summary>
public sealed record CadenceView
{
    /// <summary>The zone whose clock the lead lives by.</summary>
    public required DateTimeZone Zone { get; init; }

    /// <summary>The calendar of the lead's country.</summary>
    public HolidayCalendar Calendar { get; init; } = HolidayCalendar.None;

    /// <summary>The track that wants to touch.</summary>
    public int Track { get; init; }

    /// <summary>What was sent to the lead, and to those who share the lead's address; in any order.</summary>
    public ImmutableArray<PastTouch> OfLead { get; init; } = [];

    /// <summary>What was sent to the leads of the account, this one's included; empty where the lead has none.</summary>
    public ImmutableArray<PastTouch> OfAccount { get; init; } = [];
}

/// <summary>A touch that left, or may have left, and by which track.</summary>
public readonly record struct PastTouch(DateTimeOffset At, int Track);

/// <summary>
/// The earliest moment at which every rule allows a touch; where that is not the moment asked about, the code of the rule that
/// objected to it first, and its argument.
/// </summary>
public sealed record AllowedInstant(DateTimeOffset At, string? Code = null, string? Argument = null);
