using System.Collections.Immutable;
using NurtureEngine.Core.Handoffs;
using NurtureEngine.Core.Intake;
using NurtureEngine.Core.Outgoing;
using NurtureEngine.Core.Touches;
using NurtureEngine.Core.Tracks.Activities.Actions;

namespace NurtureEngine.Core.Tracks.Running;

/// <summary>What the runner wants done; written in one transaction with the enrollment's new state.</summary>
public abstract record Decision
{
    private Decision() { }

    /// <summary>A step was entered.</summary>
    public sealed record Enter(StepId Step, int Visit) : Decision;

    /// <summary>A step was left by these ports; told only to those who try a track, and kept nowhere.</summary>
    public sealed record Leave(StepId Step, ImmutableArray<string> Ports) : Decision;

    public sealed record Plan(PlannedTouch Touch) : Decision;

    /// <summary>A person is asked to call the lead. The subject may name somebody.</summary>
    public sealed record Ask(CallTask Call) : Decision;

    /// <summary>The lead is to be changed; the change may name somebody.</summary>
    public sealed record Change(LeadChange Wanted) : Decision;

    /// <summary>The lead is given to sales.</summary>
    public sealed record Offer(Handoff Handoff) : Decision;

    /// <summary>A message to another system or a colleague; it may name somebody.</summary>
    public sealed record Emit(StepId Step, OutboxMessage Message) : Decision;

    /// <summary>A touch is no longer wanted, since its branch was given up.</summary>
    public sealed record Cancel(TouchId Touch) : Decision;

    /// <summary>A line for who traces the track. It may name somebody: kept nowhere.</summary>
    public sealed record Write(StepId Step, string Line) : Decision;

    /// <summary>The enrollment ran to its end; what it still planned is cancelled.</summary>
    public sealed record Complete : Decision;

    /// <summary>The lead left the track; what it still planned is cancelled.</summary>
    public sealed record Exit(string Code, string? Argument) : Decision;

    /// <summary>The enrollment can't go on, for a reason as a code with an argument (a step or content; never personal data).</summary>
    public sealed record Park(string Code, string? Argument) : Decision;
}
