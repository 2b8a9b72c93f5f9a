using NurtureEngine.Channels.Email;
using NurtureEngine.Core.Touches;
using NurtureEngine.Host.Scheduling;
using NurtureEngine.Postgres.Touches;

namespace NurtureEngine.Host.Touches;

/// <summary>Hands e-mails to the development inbox instead of a mail server.</summary>
internal sealed class InboxTransport(DevelopmentInbox inbox, [FromKeyedServices(Clocks.Business)] TimeProvider business)
    : IEmailTransport,
        IEmailSession
{
    public Task<IEmailSession> OpenAsync(int messages, CancellationToken cancellationToken) =>
        Task.FromResult<IEmailSession>(this);

    public async Task<IReadOnlyList<DeliveryResult>> DeliverAsync(
        IReadOnlyList<EmailEnvelope> envelopes,
        CancellationToken until
    )
    {
        if (until.IsCancellationRequested)
        {
            return [.. envelopes.Select(_ => new DeliveryResult.Untried(DeliveryResult.Untried.Stale))];
        }

        await inbox.DeliverAsync([.. envelopes.Select(DeliveryOf)], CancellationToken.None);
        return [.. envelopes.Select(_ => new DeliveryResult.Accepted())];
    }

    public int Sessions => 8;

    public TimeSpan WaitFor(string domain, bool hasPlace) => TimeSpan.Zero;

    public int MostWithin(TimeSpan time) => int.MaxValue;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private InboxDelivery DeliveryOf(EmailEnvelope envelope)
    {
        var message = envelope.Message ?? MimeMessage.Compose(envelope);
        return new InboxDelivery(
            envelope.LeadId,
            envelope.Touch.Value,
            business.GetUtcNow(),
            envelope.Recipient,
            envelope.Email.Subject,
            message.Text,
            message.Html,
            message.Bytes
        );
    }
}
