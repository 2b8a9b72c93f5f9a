using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using SystemAuthenticationException = System.Security.Authentication.AuthenticationException;

namespace NurtureEngine.Channels.Email.Smtp;

/// <summary>Connects, secures the way and signs in.</summary>
internal sealed partial class SmtpHandshake(SmtpOptions options, TimeProvider time)
{
    /// <summary>A client that is ready to take messages, and whether its server knows addresses beyond ASCII.</summary>
    /// <param name="keepsUtf8">For one message that needs such a server.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="EmailTransportException">It did not come that far; the message says why, without a secret.</exception>
    public async Task<(SmtpClient Client, bool KnowsUtf8)> RunAsync(bool keepsUtf8, CancellationToken cancellationToken)
    {
        TimedStream? stream = null;
        SmtpClient? client = null;
        using var timer = new CancellationTokenSource(options.ConnectTimeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        try
        {
            stream = await ConnectAsync(both.Token);
            client = NewClient(stream);
            using var end = stream.EndWith(both.Token);
            await client.ConnectAsync(stream, options.Host, options.Port, Security, CancellationToken.None);
            if (options.UserName is { Length: > 0 } user)
            {
                await SignInAsync(client, user, both.Token);
            }

            var knowsUtf8 = client.Capabilities.HasFlag(SmtpCapabilities.UTF8);
            client.Restrict(keepsUtf8);
            return (client, knowsUtf8);
        }
        catch (Exception exception)
        {
            client?.Dispose();
            if (stream is not null)
            {
                await stream.DisposeAsync();
            }

            cancellationToken.ThrowIfCancellationRequested();
            if (FaultOf(exception) is { } fault)
            {
                throw new EmailTransportException($"{Where}{fault}", exception);
            }

            throw;
        }
    }

    private string Where => $"{options.Host}:{options.Port}";

    private SmtpClient NewClient(TimedStream stream)
    {
        var trusted = options.CaFile is null ? null : new X509Certificate2Collection();
        trusted?.ImportFromPemFile(options.CaFile!);
        return new SmtpClient(options, trusted, stream)
        {
            LocalDomain = options.GreetAs ?? Dns.GetHostName(),
            CheckCertificateRevocation = false,
        };
    }

    private SecureSocketOptions Security =>
        options.Security switch
        {
            SmtpSecurity.StartTls => SecureSocketOptions.StartTls,
            SmtpSecurity.Tls => SecureSocketOptions.SslOnConnect,
            SmtpSecurity.Opportunistic => SecureSocketOptions.StartTlsWhenAvailable,
            _ => SecureSocketOptions.None,
        };

    private async Task<TimedStream> ConnectAsync(CancellationToken cancellationToken)
    {
        // Messages are written in a few pieces, and each would wait for the answer to the one before.
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(options.Host, options.Port, cancellationToken);
            return new TimedStream(socket, time) { Limit = options.CommandTimeout };
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task SignInAsync(SmtpClient client, string user, CancellationToken cancellationToken)
    {
        if (!client.IsSecure)
        {
            throw new EmailTransportException(
                ": the way is not encrypted, and a password is not sent in the open. Set Security to StartTls or Tls."
            );
        }

        SaslMechanism mechanism =
            options.AccessTokenFile is { } file
                ? new SaslMechanismOAuth2(user, (await File.ReadAllTextAsync(file, cancellationToken)).Trim())
            : client.AuthenticationMechanisms.Contains("PLAIN") ? new SaslMechanismPlain(user, options.Password!)
            : new SaslMechanismLogin(user, options.Password!);
        if (!client.AuthenticationMechanisms.Contains(mechanism.MechanismName))
        {
            throw new EmailTransportException($" does not let sign in by {mechanism.MechanismName}.");
        }

        await client.AuthenticateAsync(mechanism, cancellationToken);
    }

    // What follows the server's name; null for what is none of the server's faults.
    private string? FaultOf(Exception exception) =>
        exception switch
        {
            EmailTransportException => exception.Message,
            OperationCanceledException or TimeoutException => " does not answer in time.",
            NotSupportedException when options.Security == SmtpSecurity.StartTls =>
                " offers no STARTTLS, which the setting Security asks for.",
            SslHandshakeException handshake => $": {handshake.InnerException?.Message ?? handshake.Message}",
            SmtpCommandException command =>
                $": it said: {SmtpReply.Of((int)command.StatusCode, command.Message.Split('\n')).Shown()}",
            AuthenticationException refused =>
                $": it does not let sign in: {SmtpReply.Clean(CodeColon().Replace(refused.Message, "$1 "))}",
            SocketException
            or IOException
            or SystemAuthenticationException
            or CryptographicException
            or CommandException
            or ProtocolException
            or UnauthorizedAccessException
            or NotSupportedException => $": {SmtpReply.Clean(exception.Message)}",
            _ => null,
        };

    // MailKit writes a reply as "535: text".
    [GeneratedRegex(@"^(\d{3}): ")]
    private static partial Regex CodeColon();
}
