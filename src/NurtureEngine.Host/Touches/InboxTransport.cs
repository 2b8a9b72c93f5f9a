using NurtureEngine.Channels.Email;
using NurtureEngine.Core.Touches;
using NurtureEngine.Host.Scheduling;
using NurtureEngine.Postgres.Touches;

namespace NurtureEngine.Host.Touches;

/// <summary>Hands e-mails to the development inbox instead of a mail server.</summary>
internal sealed class InboxTransport(DevelopmentInbox inbox, [FromKeyedServices(Clocks.Business)] TimeProvider business)
    : IEmailTransport
{
    public async Task<DeliveryResult> DeliverAsync(EmailEnvelope envelope, CancellationToken cancellationToken)
    {
        var message = MimeMessage.Compose(envelope);
        var delivery = new InboxDelivery(
            envelope.LeadId,
            envelope.Touch.Value,
            business.GetUtcNow(),
            envelope.Recipient,
            envelope.Email.Subject,
            message.Text,
            message.Html,
            message.Bytes
        );
        await inbox.DeliverAsync(delivery, cancellationToken);
        return new DeliveryResult.Accepted();
    }
}
