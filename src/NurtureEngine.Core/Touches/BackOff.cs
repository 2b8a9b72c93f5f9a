namespace NurtureEngine.Core.Touches;

/// <summary>How long a deferred touch waits before it is tried again.</summary>
public static class BackOff
{
    /// <summary>How many attempts a touch gets, over about two days, before it counts as rejected.</summary>
    public const int MaxAttempts = 20;

    private static readonly TimeSpan First = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(4);

    /// <summary>Doubles from a minute to four hours; <paramref name="jitter"/> (0 to 1) spreads it by up to a fifth.</summary>
    public static TimeSpan After(int attempt, double jitter)
    {
        var doubled = First * Math.Pow(2, Math.Clamp(attempt - 1, 0, 20));
        var capped = doubled < Longest ? doubled : Longest;
        return capped * (1 + (0.2 * jitter));
    }
}
