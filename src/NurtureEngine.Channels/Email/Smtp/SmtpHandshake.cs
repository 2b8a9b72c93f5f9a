using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace NurtureEngine.Channels.Email.Smtp;

/// <summary>Connects, secures the way and signs in.</summary>
internal sealed class SmtpHandshake(SmtpOptions options, TimeProvider time)
{
    /// <exception cref="EmailTransportException">It did not come that far; the message says why, without a secret.</exception>
    public async Task<(SmtpWire Wire, SmtpCapabilities Can)> RunAsync(CancellationToken cancellationToken)
    {
        SmtpWire? wire = null;
        using var timer = new CancellationTokenSource(options.ConnectTimeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        try
        {
            wire = await SmtpWire.ConnectAsync(options.Host, options.Port, time, both.Token);
            wire.EndWithin(options.ConnectTimeout);
            return (wire, await GreetAsync(wire, both.Token));
        }
        catch (EmailTransportException)
        {
            wire?.Dispose();
            throw;
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            wire?.Dispose();
            throw new EmailTransportException($"{Where} does not answer in time.", exception);
        }
        catch (Exception exception)
            when (exception is SocketException or IOException or AuthenticationException or CryptographicException)
        {
            wire?.Dispose();
            throw new EmailTransportException($"{Where}: {exception.Message}", exception);
        }
        catch
        {
            wire?.Dispose();
            throw;
        }
    }

    private string Where => $"{options.Host}:{options.Port}";

    private async Task<SmtpCapabilities> GreetAsync(SmtpWire wire, CancellationToken cancellationToken)
    {
        var trusted = options.CaFile is null ? null : new X509Certificate2Collection();
        trusted?.ImportFromPemFile(options.CaFile!);
        if (options.Security == SmtpSecurity.Tls)
        {
            await wire.SecureAsync(options.Host, trusted, cancellationToken);
        }

        Expect(await wire.ReadReplyAsync(options.CommandTimeout), 220, "greets");
        var can = await HelloAsync(wire);
        if (options.Security is SmtpSecurity.StartTls or SmtpSecurity.Opportunistic)
        {
            if (can.HasStartTls)
            {
                Expect(await SayAsync(wire, "STARTTLS"), 220, "begins TLS");
                await wire.SecureAsync(options.Host, trusted, cancellationToken);
                can = await HelloAsync(wire);
            }
            else if (options.Security == SmtpSecurity.StartTls)
            {
                throw new EmailTransportException($"{Where} offers no STARTTLS, which the setting Security asks for.");
            }
        }

        if (options.UserName is { Length: > 0 })
        {
            await SignInAsync(wire, can, cancellationToken);
        }

        return can;
    }

    private async Task<SmtpCapabilities> HelloAsync(SmtpWire wire)
    {
        var name = options.GreetAs ?? System.Net.Dns.GetHostName();
        var reply = await SayAsync(wire, $"EHLO {name}");
        if (reply.Code == 250)
        {
            return new SmtpCapabilities(reply.Lines.Skip(1));
        }

        Expect(await SayAsync(wire, $"HELO {name}"), 250, "greets back");
        return SmtpCapabilities.None;
    }

    private async Task SignInAsync(SmtpWire wire, SmtpCapabilities can, CancellationToken cancellationToken)
    {
        if (!wire.IsSecure)
        {
            throw new EmailTransportException(
                $"{Where}: the way is not encrypted, and a password is not sent in the open. Set Security to StartTls or Tls."
            );
        }

        var user = options.UserName!;
        if (options.AccessTokenFile is { } file)
        {
            Require(can, "XOAUTH2");
            var token = (await File.ReadAllTextAsync(file, cancellationToken)).Trim();
            var reply = await SayAsync(
                wire,
                $"AUTH XOAUTH2 {Base64($"user={user}\u0001auth=Bearer {token}\u0001\u0001")}"
            );
            // The server explains itself in a challenge, which is answered with an empty line.
            Expect(reply.Code == 334 ? await SayAsync(wire, "") : reply, 235, "signs in");
        }
        else if (can.CanSignInBy("PLAIN"))
        {
            Expect(await SayAsync(wire, $"AUTH PLAIN {Base64($"\0{user}\0{options.Password}")}"), 235, "signs in");
        }
        else
        {
            Require(can, "LOGIN");
            Expect(await SayAsync(wire, "AUTH LOGIN"), 334, "asks for the user name");
            Expect(await SayAsync(wire, Base64(user)), 334, "asks for the password");
            Expect(await SayAsync(wire, Base64(options.Password ?? "")), 235, "signs in");
        }
    }

    private void Require(SmtpCapabilities can, string mechanism)
    {
        if (!can.CanSignInBy(mechanism))
        {
            throw new EmailTransportException($"{Where} does not let sign in by {mechanism}.");
        }
    }

    private async Task<SmtpReply> SayAsync(SmtpWire wire, string line)
    {
        await wire.WriteAsync(line + "\r\n", options.CommandTimeout);
        return await wire.ReadReplyAsync(options.CommandTimeout);
    }

    private void Expect(SmtpReply reply, int code, string what)
    {
        if (reply.Code != code)
        {
            throw new EmailTransportException($"{Where}: expected that the server {what}; it said: {reply.Shown()}");
        }
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
