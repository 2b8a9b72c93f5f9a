using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace NurtureEngine.IntegrationTests.Email;

/// <summary>A mail server of the test's own: it does what the test says at each step, up to dying there.</summary>
internal sealed class SmtpServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentQueue<ReceivedMail> _mails = new();
    private readonly ConcurrentDictionary<Socket, byte> _open = new();
    private readonly Task _accepting;
    private int _connections;

    public SmtpServer(SmtpBehaviour? behaviour = null, int port = 0)
    {
        Behaviour = behaviour ?? new SmtpBehaviour();
        _listener = new TcpListener(IPAddress.Loopback, port);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public SmtpBehaviour Behaviour { get; set; }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public IReadOnlyCollection<ReceivedMail> Mails => _mails;

    public int Connections => _connections;

    /// <summary>Ends every connection at once, as a crash does.</summary>
    public void Drop()
    {
        foreach (var socket in _open.Keys)
        {
            Reset(socket);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        Drop();
        await _accepting;
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptSocketAsync(_end.Token);
                socket.NoDelay = true;
                _open[socket] = 0;
                Interlocked.Increment(ref _connections);
                _ = ServeAsync(socket);
            }
        }
        catch (Exception exception)
            when (exception is OperationCanceledException or SocketException or InvalidOperationException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        try
        {
            using var session = new SmtpServerSession(socket, this, _mails.Enqueue);
            await session.RunAsync(_end.Token);
        }
        catch (Exception exception)
            when (exception
                    is IOException
                        or OperationCanceledException
                        or SocketException
                        or ObjectDisposedException
                        or System.Security.Authentication.AuthenticationException
            )
        {
            // The client is gone, or this end died as it was told to.
        }
        finally
        {
            Reset(socket);
            _open.TryRemove(socket, out _);
        }
    }

    internal static void Reset(Socket socket)
    {
        try
        {
            // Without lingering: what is on the way is lost, as with a dying machine.
            socket.LingerState = new LingerOption(true, 0);
            socket.Close();
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Closed already.
        }
    }
}

/// <summary>What the server can do, and what it does otherwise than a good one: a reply of its own, or an end, at a step.</summary>
internal sealed record SmtpBehaviour
{
    public string[] Extensions { get; init; } = ["PIPELINING", "8BITMIME", "SMTPUTF8", "DSN", "ENHANCEDSTATUSCODES"];

    public X509Certificate2? Certificate { get; init; }

    public bool IsImplicitTls { get; init; }

    /// <summary>The mechanisms to sign in by; <c>user</c> and <c>secret</c> are right, and so is the token <c>token</c>.</summary>
    public string[] Auth { get; init; } = [];

    /// <summary>Said together with the answer to STARTTLS, before TLS begins.</summary>
    public string Injected { get; init; } = "";

    /// <summary>Asked at each step, with the line that the client said; null goes on as a good server does.</summary>
    public Func<SmtpStep, string, Reaction?> React { get; init; } = (_, _) => null;
}

public enum SmtpStep
{
    Connect,
    Hello,
    StartTls,
    Auth,
    Mail,
    Recipient,
    Data,

    /// <summary>The client begins anew.</summary>
    Reset,

    /// <summary>In the middle of the message.</summary>
    Body,

    /// <summary>The message is whole, and nothing is answered yet.</summary>
    End,

    /// <summary>The message is answered.</summary>
    Answered,
}

/// <summary>What the server does instead.</summary>
internal abstract record Reaction
{
    public sealed record Say(string Line) : Reaction;

    public sealed record Die : Reaction;

    public sealed record Hang : Reaction;
}

internal sealed record ReceivedMail(
    string Sender,
    string Recipient,
    string Parameters,
    byte[] Content,
    bool IsSecure,
    string? User
)
{
    public string Text => Encoding.UTF8.GetString(Content);

    /// <summary>The Message-ID without its brackets.</summary>
    public string Id => Text.Split("Message-ID: <")[1].Split('>')[0];
}
