using System.Collections.Immutable;
using NodaTime;

namespace NurtureEngine.Core.Cadences;

/// <summary>When leads may be touched: the rulebook's rules, narrowed by those of a track. What is null or empty rules nothing.</summary>
public sealed record CadenceRules
{
    /// <summary>No rule at all.</summary>
    public static CadenceRules None { get; } = new();

    /// <summary>The fixed times at which touches leave; empty lets them leave at any time.</summary>
    public ImmutableArray<Slot> Slots { get; init; } = [];

    /// <summary>How long after its time a slot is open, by elapsed time; less than a day.</summary>
    public TimeSpan SlotWindow { get; init; } = TimeSpan.FromHours(2);

    /// <summary>When nobody is touched, by the lead's clock.</summary>
    public QuietHours? QuietHours { get; init; }

    /// <summary>The days of the week on which people work; empty touches on any day. Calendars add to these and take away.</summary>
    public ImmutableArray<IsoDayOfWeek> WorkingDays { get; init; } = [];

    /// <summary>The least time between two touches of a lead.</summary>
    public TimeSpan MinGap { get; init; }

    public ImmutableArray<Cap> Caps { get; init; } = [];

    /// <summary>Whether an account hears of one track a day only, by the lead's clock.</summary>
    public bool IsOneVoice { get; init; }

    /// <summary>Whether a touch that leaves keeps others from leaving for a while.</summary>
    public bool CountsTouches => Caps.Length > 0 || MinGap > TimeSpan.Zero || IsOneVoice;

    /// <summary>These rules and a track's: its slots, and of gap and caps both.</summary>
    public CadenceRules NarrowedBy(CadenceRules track) =>
        this with
        {
            Slots = track.Slots,
            SlotWindow = track.SlotWindow,
            MinGap = MinGap > track.MinGap ? MinGap : track.MinGap,
            Caps = Caps.AddRange(track.Caps),
        };
}

/// <summary>A time of day in which nobody is touched: from the one, which belongs to it, until the other, which does not.</summary>
public sealed record QuietHours(LocalTime From, LocalTime Until)
{
    public bool Contains(LocalTime time) => From < Until ? time >= From && time < Until : time >= From || time < Until;
}
