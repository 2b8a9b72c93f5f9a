namespace NurtureEngine.Core.Touches;

/// <summary>A channel's answer.</summary>
public abstract record DeliveryResult
{
    private DeliveryResult() { }

    /// <summary>Whether the connection was lost at this attempt, or the answer did not come.</summary>
    public bool IsLost { get; init; }

    /// <summary>The provider took it over.</summary>
    public sealed record Accepted : DeliveryResult
    {
        /// <summary>What it said; null where it said nothing. No addresses of people.</summary>
        public string? Answer { get; init; }
    }

    /// <summary>Nothing was tried, for a reason of the way's own; the gate is asked again.</summary>
    public sealed record Untried(string Code) : DeliveryResult
    {
        /// <summary>The verdict was too old to be acted upon.</summary>
        public const string Stale = "gate.stale";

        /// <summary>The connection was lost before the message's turn.</summary>
        public const string Lost = "channel.lost";
    }

    /// <summary>Not now; tried again. Null <paramref name="RetryAfter"/> leaves the moment to the back-off.</summary>
    public sealed record Deferred(string Reason, TimeSpan? RetryAfter) : DeliveryResult
    {
        /// <summary>What kind of refusal it is; null where it is none of a mail system's.</summary>
        public BounceClass? Class { get; init; }
    }

    /// <summary>Never; not tried again.</summary>
    public sealed record Rejected(string Reason) : DeliveryResult
    {
        /// <summary>What kind of refusal it is; null where it is none of a mail system's.</summary>
        public BounceClass? Class { get; init; }
    }

    /// <summary>It may or may not have been taken over; never resent by itself.</summary>
    public sealed record Uncertain(string Reason) : DeliveryResult;
}
