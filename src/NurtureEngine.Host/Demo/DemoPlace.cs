using System.Net;
using System.Net.Sockets;
using NurtureEngine.Host.Verbs;

namespace NurtureEngine.Host.Demo;

/// <summary>Where a demo happens: a folder that goes with it, and an address to look around at.</summary>
internal sealed class DemoPlace : IDisposable
{
    private const string Prefix = "nurture-demo-";
    private const string LockName = "demo.lock";
    private static readonly string[] AnyHost = ["*", "+", "0.0.0.0", "[::]"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory(Prefix);
    private readonly FileStream _lock;
    private readonly Socket _held;

    private DemoPlace(string address, Socket held)
    {
        (Address, _held) = (address, held);
        // PostgreSQL's user, who is not root, has to get in.
        File.SetUnixFileMode(_folder.FullName, (UnixFileMode)0b111_101_101);
        _lock = new FileStream(
            Path.Combine(_folder.FullName, LockName),
            FileMode.CreateNew,
            FileAccess.ReadWrite,
            FileShare.None
        );
    }

    public string Folder => _folder.FullName;

    /// <summary>The address to listen on, with the port that it will be.</summary>
    public string Address { get; }

    /// <summary>The address that links lead to, on this very machine.</summary>
    public string PublicAddress =>
        AnyHost.Aggregate(
            Address,
            (address, any) => address.Replace($"//{any}:", "//localhost:", StringComparison.Ordinal)
        );

    /// <summary>A place of its own; what demos that were killed have left is deleted.</summary>
    /// <exception cref="UsageException">The address can't be listened on, which is told before the play, not after it.</exception>
    public static DemoPlace Take(string? configured)
    {
        foreach (var folder in new DirectoryInfo(Path.GetTempPath()).EnumerateDirectories(Prefix + "*"))
        {
            DeleteIfDead(folder);
        }

        var address = (configured ?? "http://localhost:5000").Split(';')[0];
        try
        {
            var binding = BindingAddress.Parse(address);
            var held = Hold(binding.Host.Trim('[', ']'), binding.Port);
            var port = ((IPEndPoint)held.LocalEndPoint!).Port;
            return new DemoPlace($"{binding.Scheme}://{binding.Host}:{port}", held);
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException or SocketException)
        {
            throw ServeVerb.NotListening(address, exception);
        }
    }

    /// <summary>Lets go of the address, for the demo to listen on it.</summary>
    public void ReleaseAddress() => _held.Dispose();

    public void Dispose()
    {
        _held.Dispose();
        _lock.Dispose();
        _folder.Delete(recursive: true);
    }

    // Bound for as long as the play lasts, so that nobody else takes it meanwhile.
    private static Socket Hold(string host, int port)
    {
        var address =
            IPAddress.TryParse(host, out var ip) ? ip
            : host == "localhost" ? IPAddress.Loopback
            : IPAddress.Any;
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(address, port));
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    // Whoever lives holds the lock.
    private static void DeleteIfDead(DirectoryInfo folder)
    {
        try
        {
            using (
                new FileStream(
                    Path.Combine(folder.FullName, LockName),
                    FileMode.Open,
                    FileAccess.ReadWrite,
                    FileShare.None
                )
            )
            {
                // The lock goes last: what can't be deleted yet is found again.
                foreach (var child in folder.EnumerateDirectories())
                {
                    child.Delete(recursive: true);
                }
            }

            folder.Delete(recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Another's, or in use: it stays.
        }
    }
}
