using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using MailKit;
using MailKit.Net.Smtp;
using MimeKit;

namespace NurtureEngine.Channels.Email.Smtp;

/// <summary>MailKit's client for one connection, which hands over finished messages and tells when the end of one is begun.</summary>
internal sealed class SmtpClient(SmtpOptions options, X509Certificate2Collection? trusted, TimedStream stream)
    : MailKit.Net.Smtp.SmtpClient
{
    private Submission? _current;

    /// <summary>
    /// Whether the end of the message was begun: what fails before has not left, what fails after it is uncertain, and no exception tells them apart.
    /// What a message has left in the stream's buffer goes out with its end.
    /// </summary>
    public bool HasBegunEnd { get; private set; }

    /// <summary>Hands one message over; the server's answer.</summary>
    public async Task<string> SendAsync(Submission submission, CancellationToken cancellationToken)
    {
        using var end = stream.EndWith(cancellationToken);
        (_current, HasBegunEnd) = (submission, false);
        DeliveryStatusNotificationType = submission.EnvelopeId is null
            ? DeliveryStatusNotificationType.Unspecified
            : DeliveryStatusNotificationType.HeadersOnly;
        stream.Limit = options.CommandTimeout;
        using var message = submission.ToMessage(
            begins: () => stream.Limit = options.DataTimeout,
            ends: () => (HasBegunEnd, stream.Limit) = (true, options.DoneTimeout)
        );
        return await SendAsync(
            FormatOptions.Default,
            message,
            submission.Sender,
            [submission.Recipient],
            CancellationToken.None
        );
    }

    /// <summary>Waits no longer than this for each answer that follows.</summary>
    public void Wait(TimeSpan limit) => stream.Limit = limit;

    /// <summary>
    /// Capabilities that MailKit would use otherwise than this engine wants: SMTPUTF8 would decode domains in ASCII, and BDAT ends a message with its
    /// last byte, so that nothing would tell before from after.
    /// </summary>
    public void Restrict(bool keepsUtf8)
    {
        Capabilities &= ~(SmtpCapabilities.BinaryMime | SmtpCapabilities.Chunking);
        if (!keepsUtf8)
        {
            Capabilities &= ~SmtpCapabilities.UTF8;
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            stream.Dispose();
        }

        base.Dispose(disposing);
    }

    protected override string? GetEnvelopeId(MimeKit.MimeMessage message) => _current?.EnvelopeId;

    protected override DeliveryStatusNotification? GetDeliveryStatusNotifications(
        MimeKit.MimeMessage message,
        MailboxAddress mailbox
    ) => _current?.EnvelopeId is null ? null : DeliveryStatusNotification.Failure | DeliveryStatusNotification.Delay;

    // The message is finished, and perhaps signed: nothing may be encoded anew.
    protected override void Prepare(
        FormatOptions options,
        MimeKit.MimeMessage message,
        EncodingConstraint constraint,
        int maxLineLength
    ) => options.International = _current?.NeedsUtf8 == true;

    protected override Task<long> GetSizeAsync(
        FormatOptions options,
        MimeKit.MimeMessage message,
        CancellationToken cancellationToken
    ) => Task.FromResult(_current!.Size);

    protected override SslClientAuthenticationOptions GetSslClientAuthenticationOptions(
        string host,
        RemoteCertificateValidationCallback remoteCertificateValidationCallback
    )
    {
        var secure = base.GetSslClientAuthenticationOptions(host, remoteCertificateValidationCallback);
        if (trusted is not null)
        {
            secure.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            secure.CertificateChainPolicy.CustomTrustStore.AddRange(trusted);
        }

        return secure;
    }
}
