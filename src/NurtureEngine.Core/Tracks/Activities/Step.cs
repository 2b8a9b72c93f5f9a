using System.Collections.Immutable;
using NurtureEngine.Core.Cadences;
using NurtureEngine.Core.Tracks.Flows;
using NurtureEngine.Core.Tracks.Running;

namespace NurtureEngine.Core.Tracks.Activities;

/// <summary>One activity of a track, compiled. What it does on entry is its own; the runner only follows the result.</summary>
public abstract record Step(StepId Id, string Name)
{
    /// <summary>The port that a step without outcomes of its own leaves by.</summary>
    public const string Done = "Done";

    /// <summary>The port of a wait that nothing ended in time.</summary>
    public const string TimedOut = "TimedOut";

    protected static ImmutableSortedDictionary<string, string> NoSignals { get; } =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>How several arrivals are joined before it.</summary>
    public JoinMode Join { get; init; } = JoinMode.WaitAllActive;

    /// <summary>Why it is there; null where its author has not said.</summary>
    public Journey? Journey { get; init; }

    /// <summary>Whether it reaches the lead, so that its author owes a <see cref="Journey"/>.</summary>
    public virtual bool ReachesLead => false;

    /// <summary>Whether a lead may stay here for a while; a loop without such a step would never end.</summary>
    public virtual bool Waits => false;

    /// <summary>Whether a lead stays here until time passes or the lead does something.</summary>
    public virtual bool TakesTime => false;

    /// <summary>The steps within it, of one that is a container.</summary>
    public virtual IEnumerable<StepId> Within => [];

    /// <summary>Whether it reads something of the lead, who is then loaded for it.</summary>
    public virtual bool ReadsLead => false;

    /// <summary>What it waits for while a lead stays here: keys of signals, and the port by which each lets the lead go.</summary>
    public virtual ImmutableSortedDictionary<string, string> Awaits => NoSignals;

    /// <summary>The port by which the lead leaves when the wait is over.</summary>
    public virtual string DuePort => Done;

    /// <summary>Whether a lead may wait here for ever, unless the track has a time limit.</summary>
    public virtual bool IsEndless => false;

    /// <summary>Whether it asks what contents the lead has had.</summary>
    public virtual bool ReadsHistory => false;

    /// <summary>What happens when an enrollment arrives; pure.</summary>
    public abstract StepResult Enter(Visit visit);
}

/// <summary>One pass of an enrollment through a step, at business time <paramref name="Now"/>; the values are what expressions read.</summary>
public sealed record Visit(
    Track Track,
    EnrollmentId Enrollment,
    StepId Step,
    int Number,
    RunValues Values,
    DateTimeOffset Now
)
{
    /// <summary>The contents that the lead has had, or is to have.</summary>
    public IReadOnlySet<string> Had { get; init; } = ImmutableHashSet<string>.Empty;

    /// <summary>
    /// The moment for which a touch is planned: the next one that the clock allows, by the rulebook and the track. What was sent
    /// before is looked at by the gate, as are the rulebook's rules where the track has none of its own.
    /// </summary>
    public DateTimeOffset NextMoment =>
        Track.Settings.Cadence is null
            ? Now
            : Cadence
                .NextAllowedInstant(
                    Track.Settings.CadenceUnder(Values.Rulebook),
                    new CadenceView { Zone = Values.Zone, Calendar = Values.Rulebook.CalendarOf(Values.Lead) },
                    Now
                )
                ?.At
                ?? Now;
}
