using System.Collections.Immutable;
using NurtureEngine.Core.Leads;

namespace NurtureEngine.Core.Facts;

/// <summary>What became of one event.</summary>
public abstract record FactOutcome
{
    private FactOutcome() { }

    /// <summary>
    /// The facts hold; <paramref name="Moves"/> are the changes of the lead's stages in order, the event's own before those that rules
    /// make of it.
    /// </summary>
    public sealed record Applied(
        Lead Lead,
        Account? Account,
        ImmutableArray<TimelineEntry> Timeline,
        ImmutableArray<StageMove> Moves
    ) : FactOutcome
    {
        /// <summary>Where the lead arrived: the last move; null where its stage did not change.</summary>
        public StageMove? Move => Moves.IsEmpty ? null : Moves[^1];
    }

    /// <summary>Nothing was changed, for a reason that a person can remove; the event becomes a dead letter.</summary>
    public sealed record Refused(string Code, string Argument) : FactOutcome;
}

/// <summary>
/// A lead's arrival at a stage. <paramref name="From"/> is where it was, or (of a lead not seen before) where the sender says it was; an old event moves the lead and
/// triggers nothing.
/// </summary>
public sealed record StageMove(LeadStage Stage, string? From, bool IsChange, bool MayTrigger);
