using NurtureEngine.Channels.Email;
using NurtureEngine.Core.Touches;

namespace NurtureEngine.IntegrationTests.Laws;

/// <summary>Takes e-mails and shows each to the judge at once.</summary>
internal sealed class JudgingTransport(Judge judge) : IEmailTransport
{
    public int Sessions => 8;

    public TimeSpan WaitFor(string domain, bool hasPlace) => TimeSpan.Zero;

    public int MostWithin(TimeSpan time) => int.MaxValue;

    public async Task<IEmailSession> OpenAsync(int messages, CancellationToken cancellationToken)
    {
        await judge.OpenAsync(cancellationToken);
        return new Session(judge);
    }

    private sealed class Session(Judge judge) : IEmailSession
    {
        public Task<IReadOnlyList<DeliveryResult>> DeliverAsync(
            IReadOnlyList<EmailEnvelope> envelopes,
            CancellationToken until
        ) => judge.DeliverAsync([.. envelopes.Select(envelope => envelope.Touch.Value)]);

        public ValueTask DisposeAsync()
        {
            judge.Close();
            return ValueTask.CompletedTask;
        }
    }
}
