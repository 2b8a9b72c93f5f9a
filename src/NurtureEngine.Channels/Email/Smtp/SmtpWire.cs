using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace NurtureEngine.Channels.Email.Smtp;

/// <summary>Lines to and from a server, each within a time. An end of the connection is an <see cref="IOException"/>.</summary>
internal sealed class SmtpWire : IDisposable
{
    // RFC 5321, section 4.5.3.1.5, names 512 bytes; servers say more than that.
    private const int MaxLine = 8_192;
    private const int MaxLines = 200;

    private readonly byte[] _buffer = new byte[MaxLine];
    private readonly TimeProvider _time;
    private CancellationTokenSource _timer;
    private Stream _stream;
    private long _since;
    private TimeSpan _longest = Timeout.InfiniteTimeSpan;
    private int _begin;
    private int _end;

    private SmtpWire(Socket socket, TimeProvider time)
    {
        _time = time;
        _stream = new NetworkStream(socket, ownsSocket: true);
        _timer = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
    }

    public bool IsSecure => _stream is SslStream;

    public static async Task<SmtpWire> ConnectAsync(
        string host,
        int port,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        // Without this each message waits for the acknowledgement of the one before.
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(host, port, cancellationToken);
            return new SmtpWire(socket, time);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Secures the way. What the server said before counts for nothing: somebody else may have said it.</summary>
    public async Task SecureAsync(string host, X509Certificate2Collection? trusted, CancellationToken cancellationToken)
    {
        if (_begin < _end)
        {
            throw new IOException("The server said something between its answer to STARTTLS and TLS itself.");
        }

        var secure = new SslStream(_stream, leaveInnerStreamOpen: false);
        _stream = secure;
        await secure.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = host, CertificateChainPolicy = PolicyOf(trusted) },
            cancellationToken
        );
    }

    public async Task<SmtpReply> ReadReplyAsync(TimeSpan within)
    {
        var lines = new List<string>(1);
        while (true)
        {
            var line = await ReadLineAsync(within);
            if (
                line.Length < 3
                || !int.TryParse(line.AsSpan(0, 3), out var code)
                || code is < 200 or > 599
                || (line.Length > 3 && line[3] is not (' ' or '-'))
                || lines.Count == MaxLines
            )
            {
                throw new IOException("The server answers otherwise than by SMTP.");
            }

            lines.Add(line.Length > 4 ? line[4..] : "");
            if (line.Length == 3 || line[3] == ' ')
            {
                return SmtpReply.Of(code, lines);
            }
        }
    }

    public ValueTask WriteAsync(string line, TimeSpan within) => WriteAsync(Encoding.UTF8.GetBytes(line), within);

    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, TimeSpan within) =>
        _stream.WriteAsync(bytes, Within(within));

    public void Dispose()
    {
        _stream.Dispose();
        _timer.Dispose();
    }

    private async ValueTask<string> ReadLineAsync(TimeSpan within)
    {
        for (var looked = _begin; ; )
        {
            var found = _buffer.AsSpan(looked, _end - looked).IndexOf((byte)'\n');
            if (found >= 0)
            {
                var length = looked + found - _begin;
                var line = Encoding.UTF8.GetString(_buffer, _begin, length).TrimEnd('\r');
                _begin += length + 1;
                return line;
            }

            if (_begin > 0)
            {
                _buffer.AsSpan(_begin, _end - _begin).CopyTo(_buffer);
                (_end, _begin) = (_end - _begin, 0);
            }

            looked = _end;
            if (_end == _buffer.Length)
            {
                throw new IOException("The server says a line without an end.");
            }

            var read = await _stream.ReadAsync(_buffer.AsMemory(_end), Within(within));
            if (read == 0)
            {
                throw new IOException("The server ended the connection.");
            }

            _end += read;
        }
    }

    /// <summary>From now on nothing takes longer than this, all together, whatever each of it may.</summary>
    public void EndWithin(TimeSpan longest) => (_since, _longest) = (_time.GetTimestamp(), longest);

    private CancellationToken Within(TimeSpan within)
    {
        if (_longest != Timeout.InfiniteTimeSpan)
        {
            var left = _longest - _time.GetElapsedTime(_since);
            within =
                left < TimeSpan.Zero ? TimeSpan.Zero
                : left < within ? left
                : within;
        }

        if (!_timer.TryReset())
        {
            _timer.Dispose();
            _timer = new CancellationTokenSource(Timeout.InfiniteTimeSpan, _time);
        }

        _timer.CancelAfter(within);
        return _timer.Token;
    }

    private static X509ChainPolicy? PolicyOf(X509Certificate2Collection? trusted)
    {
        if (trusted is null)
        {
            return null;
        }

        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.AddRange(trusted);
        return policy;
    }
}
