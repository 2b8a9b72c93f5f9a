using System.Net;
using System.Threading.RateLimiting;

namespace NurtureEngine.Host.Identity.People;

/// <summary>How many attempts to sign in an address has in a minute, on this host. Accounts are protected by being locked; this is against trying many.</summary>
internal sealed class SignInThrottle : IDisposable
{
    /// <summary>Attempts of one address within a minute.</summary>
    public const int Most = 30;

    private readonly PartitionedRateLimiter<string> _limiter = PartitionedRateLimiter.Create<string, string>(address =>
        RateLimitPartition.GetFixedWindowLimiter(
            address,
            _ => new FixedWindowRateLimiterOptions { PermitLimit = Most, Window = TimeSpan.FromMinutes(1) }
        )
    );

    public bool Admits(IPAddress? address)
    {
        using var lease = _limiter.AttemptAcquire($"{address}");
        return lease.IsAcquired;
    }

    public void Dispose() => _limiter.Dispose();
}
