namespace NurtureEngine.Core.Touches;

/// <summary>
/// A rate with room for a second's worth at once. Pure: it is given the moment, and answers with how long to wait and what it is then.
/// </summary>
/// <param name="PerSecond">How many per second.</param>
/// <param name="FreeAt">When it will have nothing left to catch up with, in ticks of a clock that never goes back.</param>
public readonly record struct TokenBucket(double PerSecond, TimeSpan FreeAt)
{
    /// <summary>Takes so many, whatever there is, and says after which time they are due.</summary>
    public (TimeSpan Wait, TokenBucket Then) Take(int count, TimeSpan now)
    {
        var begins = FreeAt > now ? FreeAt : now;
        var cost = TimeSpan.FromSeconds(count / PerSecond);
        // What was saved up over the last second is at hand.
        var wait = begins - now - TimeSpan.FromSeconds(1) + Min(cost, TimeSpan.FromSeconds(1));
        return (wait > TimeSpan.Zero ? wait : TimeSpan.Zero, this with { FreeAt = begins + cost });
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
