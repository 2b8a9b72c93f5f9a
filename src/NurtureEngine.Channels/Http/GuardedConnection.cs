using System.Net;
using System.Net.Sockets;

namespace NurtureEngine.Channels.Http;

/// <summary>
/// Connects to other systems and to nothing else (server-side request forgery): a name is resolved once, what it stands for is checked, and what was
/// checked is connected to. A host that is named as this machine (<c>localhost</c>, <c>127.0.0.1</c>) may be this machine, and nothing else may.
/// </summary>
public sealed class GuardedConnection(
    bool allowsPrivate,
    Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null
)
{
    private readonly Func<string, CancellationToken, Task<IPAddress[]>> _resolve = resolve ?? Dns.GetHostAddressesAsync;

    /// <summary>A handler that connects so. It follows no redirect, and goes by no proxy, which would resolve names by itself, but where private addresses are allowed.</summary>
    public SocketsHttpHandler Handler() =>
        new()
        {
            AllowAutoRedirect = false,
            UseProxy = allowsPrivate,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            ConnectCallback = async (context, cancellationToken) =>
                await ConnectAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, cancellationToken),
        };

    /// <summary>Connects to the first of a host's allowed addresses that answers.</summary>
    /// <exception cref="PrivateAddressException">None of its addresses is allowed.</exception>
    /// <exception cref="SocketException">It has none, or none of those that are allowed answers.</exception>
    public async Task<Stream> ConnectAsync(string host, int port, CancellationToken cancellationToken)
    {
        var addresses = await _resolve(host, cancellationToken);
        if (addresses.Length == 0)
        {
            throw new SocketException((int)SocketError.HostNotFound);
        }

        var allowed = Array.FindAll(addresses, address => IsAllowed(host, address));
        if (allowed.Length == 0)
        {
            throw new PrivateAddressException(host);
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private bool IsAllowed(string host, IPAddress address) =>
        allowsPrivate || (IsThisMachine(host) ? IPAddress.IsLoopback(address) : PublicAddress.Is(address));

    private static bool IsThisMachine(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address);
}

/// <summary>A host that is not of the public Internet. The message names it and no address.</summary>
public sealed class PrivateAddressException(string host)
    : IOException(
        $"'{host}' stands for an address of this machine, of a private network or of a special use, and is not connected to; Nurture__Http__AllowPrivateAddresses allows it."
    );
