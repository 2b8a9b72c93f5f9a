using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace NurtureEngine.IntegrationTests.Email;

/// <summary>One connection to the test's mail server.</summary>
internal sealed class SmtpServerSession(Socket socket, SmtpServer server, Action<ReceivedMail> received) : IDisposable
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private Stream _stream = new NetworkStream(socket, ownsSocket: true);
    private int _begin;
    private int _end;
    private string? _user;
    private bool _hasSender;
    private string _sender = "";
    private string _recipient = "";
    private string _parameters = "";

    private SmtpBehaviour Behaviour => server.Behaviour;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (Behaviour.IsImplicitTls)
        {
            await SecureAsync(cancellationToken);
        }

        await StepAsync(SmtpStep.Connect, "", "220 test ready", cancellationToken);
        while (await ReadLineAsync(cancellationToken) is { } line)
        {
            var verb = line.Split(' ', ':')[0].ToUpperInvariant();
            switch (verb)
            {
                case "EHLO":
                    await StepAsync(SmtpStep.Hello, line, HelloReply(), cancellationToken);
                    break;
                case "STARTTLS":
                    await StepAsync(SmtpStep.StartTls, line, $"220 go ahead{Behaviour.Injected}", cancellationToken);
                    await SecureAsync(cancellationToken);
                    break;
                case "AUTH":
                    await SignInAsync(line, cancellationToken);
                    break;
                case "MAIL":
                    (_sender, _parameters) = PathOf(line);
                    _hasSender = await StepAsync(SmtpStep.Mail, line, "250 2.1.0 ok", cancellationToken);
                    break;
                case "RCPT" when !_hasSender:
                    await SayAsync("503 5.5.1 who sends it?", cancellationToken);
                    break;
                case "RCPT":
                    (_recipient, var more) = PathOf(line);
                    _parameters += more;
                    if (!await StepAsync(SmtpStep.Recipient, line, "250 2.1.5 ok", cancellationToken))
                    {
                        _recipient = "";
                    }

                    break;
                case "DATA":
                    await DataAsync(cancellationToken);
                    break;
                case "RSET":
                    (_recipient, _hasSender) = ("", false);
                    await StepAsync(SmtpStep.Reset, line, "250 2.0.0 ok", cancellationToken);
                    break;
                case "QUIT":
                    await SayAsync("221 2.0.0 bye", cancellationToken);
                    return;
                default:
                    await SayAsync("500 5.5.2 what?", cancellationToken);
                    break;
            }
        }
    }

    public void Dispose() => _stream.Dispose();

    private async Task DataAsync(CancellationToken cancellationToken)
    {
        if (_recipient.Length == 0)
        {
            await SayAsync("503 5.5.1 nobody to send it to", cancellationToken);
            return;
        }

        if (!await StepAsync(SmtpStep.Data, "DATA", "354 go ahead", cancellationToken))
        {
            return;
        }

        var content = new MemoryStream();
        var isMiddle = true;
        while (await ReadLineAsync(cancellationToken) is var line && line != ".")
        {
            if (line is null)
            {
                // The client is gone in the middle of a message, which is then none.
                return;
            }

            content.Write(Encoding.Latin1.GetBytes(line.StartsWith('.') ? line[1..] : line));
            content.Write("\r\n"u8);
            if (isMiddle && content.Length > 200)
            {
                isMiddle = false;
                await StepAsync(SmtpStep.Body, "", null, cancellationToken);
            }
        }

        var mail = new ReceivedMail(_sender, _recipient, _parameters, content.ToArray(), _stream is SslStream, _user);
        if (await StepAsync(SmtpStep.End, mail.Text, null, cancellationToken))
        {
            received(mail);
            await SayAsync("250 2.0.0 queued as 42", cancellationToken);
            await StepAsync(SmtpStep.Answered, "", null, cancellationToken);
        }

        (_recipient, _hasSender) = ("", false);
    }

    private async Task SignInAsync(string line, CancellationToken cancellationToken)
    {
        var words = line.Split(' ');
        var isRight = false;
        switch (words[1])
        {
            case "PLAIN":
                isRight = Text(words[2]) == "\0user\0secret";
                break;
            case "LOGIN":
                await SayAsync("334 VXNlcm5hbWU6", cancellationToken);
                var user = await ReadLineAsync(cancellationToken);
                await SayAsync("334 UGFzc3dvcmQ6", cancellationToken);
                isRight = Text(user!) == "user" && Text((await ReadLineAsync(cancellationToken))!) == "secret";
                break;
            case "XOAUTH2":
                isRight = Text(words[2]) == "user=user\u0001auth=Bearer token\u0001\u0001";
                if (!isRight)
                {
                    await SayAsync("334 eyJzdGF0dXMiOiI0MDEifQ==", cancellationToken);
                    await ReadLineAsync(cancellationToken);
                }

                break;
        }

        _user = isRight ? "user" : null;
        await StepAsync(
            SmtpStep.Auth,
            line,
            isRight ? "235 2.7.0 welcome" : "535 5.7.8 wrong user or password",
            cancellationToken
        );
    }

    private string HelloReply()
    {
        var extensions = Behaviour.Extensions.ToList();
        if (Behaviour.Certificate is not null && _stream is not SslStream)
        {
            extensions.Add("STARTTLS");
        }

        if (Behaviour.Auth.Length > 0)
        {
            extensions.Add($"AUTH {string.Join(' ', Behaviour.Auth)}");
        }

        return string.Join(
            "\r\n",
            extensions.Prepend("test").Select((word, i) => $"250{(i == extensions.Count ? ' ' : '-')}{word}")
        );
    }

    // False where something else than the good answer was given.
    private async Task<bool> StepAsync(SmtpStep step, string line, string? good, CancellationToken cancellationToken)
    {
        switch (Behaviour.React(step, line))
        {
            case Reaction.Die:
                SmtpServer.Reset(socket);
                throw new IOException("The server died as it was told to.");
            case Reaction.Hang:
                await Task.Delay(Timeout.Infinite, cancellationToken);
                return false;
            case Reaction.Say say:
                await SayAsync(say.Line, cancellationToken);
                return false;
            default:
                if (good is not null)
                {
                    await SayAsync(good, cancellationToken);
                }

                return true;
        }
    }

    private async Task SecureAsync(CancellationToken cancellationToken)
    {
        var secure = new SslStream(_stream);
        _stream = secure;
        (_begin, _end) = (0, 0);
        await secure.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions { ServerCertificate = Behaviour.Certificate },
            cancellationToken
        );
    }

    private ValueTask SayAsync(string line, CancellationToken cancellationToken) =>
        _stream.WriteAsync(Encoding.UTF8.GetBytes(line + "\r\n"), cancellationToken);

    private async Task<string?> ReadLineAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var at = _buffer.AsSpan(_begin, _end - _begin).IndexOf("\r\n"u8);
            if (at >= 0)
            {
                var line = Encoding.Latin1.GetString(_buffer, _begin, at);
                _begin += at + 2;
                return line;
            }

            _buffer.AsSpan(_begin, _end - _begin).CopyTo(_buffer);
            (_end, _begin) = (_end - _begin, 0);
            var read = await _stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
            if (read == 0)
            {
                return null;
            }

            _end += read;
        }
    }

    private static (string Path, string Parameters) PathOf(string line)
    {
        var utf8 = Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(line));
        var begin = utf8.IndexOf('<', StringComparison.Ordinal) + 1;
        var end = utf8.IndexOf('>', StringComparison.Ordinal);
        return (utf8[begin..end], utf8[(end + 1)..]);
    }

    private static string Text(string base64) => Encoding.UTF8.GetString(Convert.FromBase64String(base64));
}
