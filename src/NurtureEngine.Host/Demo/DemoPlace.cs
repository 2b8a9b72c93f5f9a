using System.Net;
using System.Net.Sockets;
using NurtureEngine.Host.Verbs;

namespace NurtureEngine.Host.Demo;

/// <summary>Where a demo happens: a folder that goes with it, and an address to look around at.</summary>
internal sealed class DemoPlace : IDisposable
{
    private const string Prefix = "nurture-demo-";
    private const string LockName = "demo.lock";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory(Prefix);
    private readonly FileStream _lock;

    private DemoPlace(string address)
    {
        Address = address;
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

    /// <summary>The address that links lead to.</summary>
    public string PublicAddress =>
        Address.Replace("*", "localhost", StringComparison.Ordinal).Replace("+", "localhost", StringComparison.Ordinal);

    /// <summary>A place of its own; what demos that were killed have left is deleted.</summary>
    /// <exception cref="UsageException">The address can't be listened on, which is told before the play, not after it.</exception>
    public static DemoPlace Take(string? configured)
    {
        foreach (var folder in new DirectoryInfo(Path.GetTempPath()).EnumerateDirectories(Prefix + "*"))
        {
            DeleteIfDead(folder);
        }

        return new DemoPlace(AddressOf((configured ?? "http://localhost:5000").Split(';')[0]));
    }

    public void Dispose()
    {
        _lock.Dispose();
        _folder.Delete(recursive: true);
    }

    private static string AddressOf(string configured)
    {
        try
        {
            var binding = BindingAddress.Parse(configured);
            var host = binding.Host.Trim('[', ']');
            using var probe = new TcpListener(
                IPAddress.TryParse(host, out var ip) ? ip
                    : host == "localhost" ? IPAddress.Loopback
                    : IPAddress.Any,
                binding.Port
            );
            probe.Start();
            return $"{binding.Scheme}://{binding.Host}:{((IPEndPoint)probe.LocalEndpoint).Port}";
        }
        catch (Exception exception) when (exception is FormatException or SocketException)
        {
            throw ServeVerb.NotListening(configured, exception);
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
            ) { }

            folder.Delete(recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Another's, or in use: it stays.
        }
    }
}
