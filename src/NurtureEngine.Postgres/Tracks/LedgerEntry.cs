using NurtureEngine.Core.Tracks.Running;

namespace NurtureEngine.Postgres.Tracks;

/// <summary>The ledger's form of a decision.</summary>
internal sealed record LedgerEntry(string Code, string? Step, Guid? Touch, string? Argument)
{
    public static LedgerEntry Of(Decision decision) =>
        decision switch
        {
            Decision.Enter enter => new("step.entered", enter.Step.Value, null, null),
            Decision.Plan plan => new(
                "touch.planned",
                plan.Touch.Step.Value,
                plan.Touch.Id.Value,
                plan.Touch.ContentKey
            ),
            Decision.Ask ask => new("task.created", ask.Call.Step.Value, ask.Call.Id.Value, null),
            Decision.Change change => new("change.asked", change.Wanted.Step.Value, null, change.Wanted.Type),
            Decision.Offer offer => new(
                "handoff.offered",
                offer.Handoff.Step.Value,
                null,
                offer.Handoff.Owner is null ? "no_owner" : null
            ),
            Decision.Emit emit => new("message.queued", emit.Step.Value, null, null),
            Decision.Cancel cancel => new("touch.given_up", null, cancel.Touch.Value, null),
            // The line itself may name somebody.
            Decision.Write write => new("line.written", write.Step.Value, null, null),
            Decision.Complete => new("enrollment.completed", null, null, null),
            Decision.Exit exit => new("enrollment.exited", null, null, $"{exit.Code} {exit.Argument}".TrimEnd()),
            Decision.Park park => new("enrollment.parked", null, null, $"{park.Code} {park.Argument}".TrimEnd()),
            _ => throw new InvalidOperationException($"Decision '{decision.GetType().Name}' has no ledger entry."),
        };
}
