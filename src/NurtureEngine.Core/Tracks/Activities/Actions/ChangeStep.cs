using System.Collections.Immutable;
using NurtureEngine.Core.Intake;
using NurtureEngine.Core.Tracks.Running;

namespace NurtureEngine.Core.Tracks.Activities.Actions;

/// <summary>A step that asks for a change of its lead and goes on when it is applied.</summary>
public abstract record ChangeStep(StepId Id, string Name) : Step(Id, Name)
{
    public override ImmutableSortedDictionary<string, string> Awaits =>
        NoSignals.Add(Signal.Answering(LeadChange.Applied, Id), Done);

    public override StepResult Enter(Visit visit) =>
        ChangeFor(visit, new LeadChange(visit.Enrollment, Id, visit.Number)) is { } change
            ? new StepResult.Listen(Until: null) { Decisions = [new Decision.Change(change)] }
            : new StepResult.Fault("value.missing", Name);

    /// <summary>What is to change; null where a value is missing.</summary>
    protected abstract LeadChange? ChangeFor(Visit visit, LeadChange empty);
}
