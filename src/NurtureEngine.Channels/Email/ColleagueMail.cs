using NurtureEngine.Core.Contents;
using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Outgoing;
using NurtureEngine.Core.Rulebooks;
using NurtureEngine.Core.Touches;

namespace NurtureEngine.Channels.Email;

/// <summary>Sends plain e-mails to colleagues, such as the brief of a hand-off; never to a lead.</summary>
public sealed class ColleagueMail(IEmailTransport transport, EmailMarks marks)
{
    /// <summary>One attempt; the same message has the same Message-ID at each.</summary>
    /// <param name="mail">The message.</param>
    /// <param name="leadId">The lead that it is about.</param>
    /// <param name="sender">Who it is from.</param>
    /// <param name="now">Business time.</param>
    /// <param name="cancellationToken">Gives up before the message is begun.</param>
    public async Task<DeliveryResult> SendAsync(
        OutboxMessage.Email mail,
        long leadId,
        Sender sender,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var id = new TouchId(mail.Id);
        var envelope = new EmailEnvelope(
            id,
            leadId,
            sender,
            EmailAddress.Mailable(mail.Target),
            new RenderedEmail(mail.Language, mail.Subject, "", mail.Html, mail.Text),
            marks.MessageIdOf(id, sender),
            now
        )
        {
            IsAutomatic = true,
        };
        await using var session = await transport.OpenAsync(1, cancellationToken);
        var results = await session.DeliverAsync([envelope], CancellationToken.None);
        return results[0] is DeliveryResult.Untried ? new DeliveryResult.Deferred("channel.lost", null) : results[0];
    }
}
