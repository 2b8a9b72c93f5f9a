using System.Net;
using System.Net.Sockets;

namespace NurtureEngine.Channels.Http;

/// <summary>
/// Tells addresses of the public Internet from those of this machine, its networks and special uses, by IANA's registries of special-purpose addresses
/// (RFC 6890 and what followed it).
/// </summary>
public static class PublicAddress
{
    private static readonly IPNetwork[] Special =
    [
        // This network, private networks, carriers' networks, this machine, the link (cloud metadata lies here).
        .. Networks("0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.168.0.0/16"),
        // Protocol assignments, documentation, 6to4 relays, benchmarks, multicast, reserved and broadcast.
        .. Networks(
            "192.0.0.0/24 192.0.2.0/24 192.88.99.0/24 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4"
        ),
        // Of the global unicast addresses: protocol assignments (Teredo, ORCHID), documentation.
        .. Networks("2001::/23 2001:db8::/32 3fff::/20"),
    ];

    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");

    // Addresses that stand for one of IPv4, and where in the address that is (RFC 6052, RFC 3056).
    private static readonly (IPNetwork Network, int Offset)[] Embedding =
    [
        (IPNetwork.Parse("64:ff9b::/96"), 12),
        (IPNetwork.Parse("2002::/16"), 2),
    ];

    /// <summary>Whether anybody on the Internet may be meant by it.</summary>
    public static bool Is(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            return Is(address.MapToIPv4());
        }

        foreach (var (network, offset) in Embedding)
        {
            if (network.Contains(address))
            {
                return Is(new IPAddress(address.GetAddressBytes().AsSpan(offset, 4)));
            }
        }

        return (address.AddressFamily == AddressFamily.InterNetwork || GlobalUnicast.Contains(address))
            && !Special.Any(network => network.Contains(address));
    }

    private static IEnumerable<IPNetwork> Networks(string networks) => networks.Split(' ').Select(IPNetwork.Parse);
}
