using System.Net;
using System.Net.Sockets;
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
        using var lease = _limiter.AttemptAcquire(NetworkOf(address));
        return lease.IsAcquired;
    }

    // Whoever has one address of a network by IPv6 has all of them.
    private static string NetworkOf(IPAddress? address) =>
        address is { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: false }
            ? Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8))
            : $"{address}";

    public void Dispose() => _limiter.Dispose();
}
