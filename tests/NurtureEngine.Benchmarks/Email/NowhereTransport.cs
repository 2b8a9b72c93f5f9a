using NurtureEngine.Channels.Email;
using NurtureEngine.Core.Touches;

namespace NurtureEngine.Benchmarks.Email;

/// <summary>Takes every message and does nothing with it, so that what comes before it is measured alone.</summary>
internal sealed class NowhereTransport : IEmailTransport, IEmailSession
{
    public Task<IEmailSession> OpenAsync(int messages, CancellationToken cancellationToken) =>
        Task.FromResult<IEmailSession>(this);

    public Task<IReadOnlyList<DeliveryResult>> DeliverAsync(
        IReadOnlyList<EmailEnvelope> envelopes,
        CancellationToken until
    ) => Task.FromResult<IReadOnlyList<DeliveryResult>>([.. envelopes.Select(_ => new DeliveryResult.Accepted())]);

    public int Sessions => 8;

    public TimeSpan WaitFor(string domain, bool hasPlace) => TimeSpan.Zero;

    public int MostWithin(TimeSpan time) => int.MaxValue;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
