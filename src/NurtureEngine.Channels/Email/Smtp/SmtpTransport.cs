using MimeKit;
using NurtureEngine.Channels.Email.Dkim;
using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Touches;

namespace NurtureEngine.Channels.Email.Smtp;

/// <summary>Hands e-mails to a mail server, signed where there is a signer.</summary>
public sealed class SmtpTransport(SmtpOptions options, DkimSigner? signer, TimeProvider machineTime)
    : IEmailTransport,
        IAsyncDisposable
{
    private readonly SmtpPool _pool = new(options, machineTime);
    private readonly DestinationRates _destinations = new(options, machineTime);
    private readonly Lock _rate = new();
    private readonly long _start = machineTime.GetTimestamp();
    private TokenBucket _bucket = new(options.MessagesPerSecond ?? double.PositiveInfinity, TimeSpan.Zero);

    public int Sessions => options.MaxConnections;

    public async Task<IEmailSession> OpenAsync(int messages, CancellationToken cancellationToken)
    {
        if (options.MessagesPerSecond is not null)
        {
            TimeSpan wait;
            lock (_rate)
            {
                (wait, _bucket) = _bucket.Take(messages, machineTime.GetElapsedTime(_start));
            }

            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, machineTime, cancellationToken);
            }
        }

        return new Session(this, await _pool.TakeAsync(cancellationToken));
    }

    public TimeSpan WaitFor(string domain, bool hasPlace) =>
        hasPlace ? _destinations.PauseOf(domain) : _destinations.Take(domain);

    public int MostWithin(TimeSpan time) =>
        options.MessagesPerSecond is { } rate && rate * time.TotalSeconds < int.MaxValue
            ? Math.Max(1, (int)(rate * time.TotalSeconds))
            : int.MaxValue;

    public async ValueTask DisposeAsync()
    {
        await _pool.DisposeAsync();
        signer?.Dispose();
    }

    // RFC 3463: x.7.x is policy, and of a refusal for the time being, as a rule, how much is sent.
    private void Heed(IReadOnlyList<EmailEnvelope> envelopes, IReadOnlyList<DeliveryResult> results)
    {
        foreach (var (envelope, result) in envelopes.Zip(results))
        {
            if (
                result is DeliveryResult.Deferred { Class: BounceClass.Defer } deferred
                && deferred.Reason.Contains(" 4.7.", StringComparison.Ordinal)
            )
            {
                _destinations.Pause(envelope.Recipient[(envelope.Recipient.LastIndexOf('@') + 1)..]);
            }
        }
    }

    private Submission Write(EmailEnvelope envelope)
    {
        var message = envelope.Message ?? MimeMessage.Compose(envelope);
        return new Submission(
            MailboxAddress.Parse(EmailAddress.Mailable(envelope.ReturnPath ?? envelope.Sender.Address)),
            MailboxAddress.Parse(EmailAddress.Mailable(envelope.Recipient)),
            envelope.EnvelopeId,
            message.NeedsUtf8,
            signer is null ? message.Bytes : signer.Sign(message, machineTime.GetUtcNow())
        );
    }

    // One that can't be written is refused by itself; the others go.
    private Submission? TryWrite(EmailEnvelope envelope)
    {
        try
        {
            return Write(envelope);
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException or ParseException)
        {
            return null;
        }
    }

    private sealed class Session(SmtpTransport transport, SmtpConnection connection) : IEmailSession
    {
        public async Task<IReadOnlyList<DeliveryResult>> DeliverAsync(
            IReadOnlyList<EmailEnvelope> envelopes,
            CancellationToken until
        )
        {
            var results = await connection.DeliverAsync([.. envelopes.Select(transport.TryWrite)], until);
            transport.Heed(envelopes, results);
            return results;
        }

        public async ValueTask DisposeAsync() => await transport._pool.GiveBackAsync(connection);
    }
}
