using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace NurtureEngine.Benchmarks.Email;

/// <summary>Postfix's smtp-sink on loopback: it takes every message and throws it away.</summary>
internal sealed class Sink : IDisposable
{
    private readonly Process _process;

    private Sink(Process process, int port) => (_process, Port) = (process, port);

    public int Port { get; }

    /// <exception cref="InvalidOperationException">Postfix's tools are not installed.</exception>
    public static async Task<Sink> StartAsync()
    {
        var port = FreePort();
        var program =
            new[] { "/usr/sbin/smtp-sink", "/usr/local/sbin/smtp-sink" }.FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException("smtp-sink is missing: install Debian's package postfix.");
        string[] user = Environment.UserName == "root" ? ["-u", "nobody"] : [];
        var sink = new Sink(Process.Start(program, [.. user, $"127.0.0.1:{port}", "100"]), port);
        for (var tries = 0; ; tries++)
        {
            try
            {
                using var probe = new TcpClient();
                await probe.ConnectAsync(IPAddress.Loopback, port);
                return sink;
            }
            catch (SocketException) when (tries < 100)
            {
                await Task.Delay(50);
            }
        }
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
