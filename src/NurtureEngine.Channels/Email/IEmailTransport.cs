using NurtureEngine.Core.Touches;

namespace NurtureEngine.Channels.Email;

/// <summary>Hands e-mails over, one at a time. An attempt whose outcome is unknown is answered as such, never thrown.</summary>
public interface IEmailTransport
{
    Task<DeliveryResult> DeliverAsync(EmailEnvelope envelope, CancellationToken cancellationToken);
}
