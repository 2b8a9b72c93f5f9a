using System.Net;
using System.Net.Sockets;
using System.Text;

namespace NurtureEngine.Benchmarks.Email;

/// <summary>A mail server that is far away: whatever it is sent arrives at once, and each of its answers takes a round trip.</summary>
internal sealed class FarServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly TimeSpan _roundTrip;
    private readonly Task _accepting;

    public FarServer(TimeSpan roundTrip)
    {
        _roundTrip = roundTrip;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _accepting;
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptSocketAsync(_end.Token));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException)
        {
            // The benchmark is over.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        try
        {
            socket.NoDelay = true;
            await using var stream = new NetworkStream(socket, ownsSocket: true);
            using var reader = new StreamReader(stream, Encoding.Latin1);
            await AnswerAsync(stream, "220 far ready\r\n");
            var isData = false;
            var answers = new StringBuilder();
            while (await reader.ReadLineAsync(_end.Token) is { } line)
            {
                if (isData)
                {
                    isData = line != ".";
                    answers.Append(isData ? "" : "250 2.0.0 taken\r\n");
                }
                else
                {
                    isData = line == "DATA";
                    answers.Append(
                        isData ? "354 go ahead\r\n"
                        : line.StartsWith("EHLO", StringComparison.Ordinal)
                            ? "250-far\r\n250-PIPELINING\r\n250 8BITMIME\r\n"
                        : "250 2.1.0 ok\r\n"
                    );
                }

                // What was sent together is answered together.
                if (answers.Length > 0 && socket.Available == 0)
                {
                    await AnswerAsync(stream, answers.ToString());
                    answers.Clear();
                }
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // The client is gone.
        }
    }

    private async Task AnswerAsync(NetworkStream stream, string text)
    {
        await Task.Delay(_roundTrip, _end.Token);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(text), _end.Token);
    }
}
