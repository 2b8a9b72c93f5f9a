using NurtureEngine.Core.Intake;

namespace NurtureEngine.Core.Touches;

/// <summary>
/// What a channel's answer means for the touch: its next state, why, and (for one that is tried again) after how long.
/// </summary>
public sealed record Settlement(string State, string Code, string? Argument, TimeSpan? RetryAfter)
{
    /// <summary>What the refusal says of the address; null where it says nothing.</summary>
    public FeedbackKind? Bounce { get; private init; }

    /// <summary>The answer to the given attempt, counted from 1; <paramref name="jitter"/> is 0 to 1.</summary>
    public static Settlement Of(DeliveryResult result, int attempt, double jitter) =>
        result switch
        {
            DeliveryResult.Accepted accepted => new(TouchState.Accepted, "channel.accepted", accepted.Answer, null),
            DeliveryResult.Rejected rejected => new(TouchState.Rejected, "channel.rejected", rejected.Reason, null)
            {
                Bounce = rejected.Class switch
                {
                    BounceClass.Hard => FeedbackKind.HardBounced,
                    BounceClass.Soft => FeedbackKind.SoftBounced,
                    _ => null,
                },
            },
            DeliveryResult.Uncertain uncertain => new(
                TouchState.Uncertain,
                "channel.uncertain",
                uncertain.Reason,
                null
            ),
            DeliveryResult.Untried untried => new(
                TouchState.Deferred,
                untried.Code,
                null,
                untried.Code == DeliveryResult.Untried.Stale ? TimeSpan.Zero : TimeSpan.FromSeconds(5)
            ),
            DeliveryResult.Deferred deferred when attempt >= BackOff.MaxAttempts => new(
                TouchState.Rejected,
                "channel.attempts_exhausted",
                deferred.Reason,
                null
            )
            {
                // Of the sender's own faults the address knows nothing.
                Bounce = deferred.Class is BounceClass.Soft or BounceClass.Defer ? FeedbackKind.SoftBounced : null,
            },
            DeliveryResult.Deferred deferred => new(
                TouchState.Deferred,
                "channel.deferred",
                deferred.Reason,
                deferred.RetryAfter ?? BackOff.After(attempt, jitter)
            ),
            _ => throw new InvalidOperationException($"The answer '{result.GetType().Name}' has no meaning here."),
        };
}
