using NurtureEngine.Channels.Email;
using NurtureEngine.Core.Touches;
using NurtureEngine.Host.Rulebooks;
using NurtureEngine.Host.Scheduling;
using NurtureEngine.Host.Storage;
using NurtureEngine.Postgres;
using NurtureEngine.Postgres.Touches;
using Polly;
using Polly.Retry;

namespace NurtureEngine.Host.Touches;

/// <summary>
/// Takes a group of touches through the gate, puts on the wire what passes, and writes down what became of it. What a crash
/// leaves in hand becomes uncertain; it is never sent again by itself.
/// </summary>
internal sealed partial class HandOver(
    TouchStore store,
    GateKeeper gate,
    IEmailTransport transport,
    CurrentRulebook rulebook,
    TimeProvider machineTime,
    [FromKeyedServices(Clocks.Business)] TimeProvider business,
    ILogger<HandOver> logger
)
{
    private static readonly TimeSpan Hold = TimeSpan.FromMinutes(2);

    // A verdict is as good as the moment it was spoken in; after this it is asked for again.
    private static readonly TimeSpan VerdictGoodFor = TimeSpan.FromSeconds(2);

    // What has left must be written down: tried until the hold ends, after which the touch counts as uncertain.
    private readonly ResiliencePipeline _untilWritten = new ResiliencePipelineBuilder { TimeProvider = machineTime }
        .AddRetry(
            new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<Exception>(Outage.Is),
                MaxRetryAttempts = 15,
                Delay = TimeSpan.FromMilliseconds(100),
                MaxDelay = TimeSpan.FromSeconds(10),
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
            }
        )
        .Build();

    public async Task RunAsync(ClaimedTouch[] group, Guid lease, CancellationToken cancellationToken)
    {
        var now = business.GetUtcNow();
        List<EmailEnvelope> passed;
        long spokenAt;
        await using (var transaction = await store.OpenGateAsync(group, lease, now, cancellationToken))
        {
            var (gated, envelopes) = gate.Decide(group, transaction, now);
            // The locks that keep a verdict true are gone once the commit is done, however long the answer takes.
            spokenAt = machineTime.GetTimestamp();
            var handing = await transaction.CommitAsync(gated, Hold, rulebook.Value.Version, cancellationToken);
            passed = envelopes.FindAll(envelope => handing.Contains(envelope.Touch.Value));
        }

        var attempts = group.ToDictionary(touch => touch.Id, touch => touch.Attempts);
        var settled = new List<SettledTouch>();
        foreach (var envelope in passed)
        {
            var isStale =
                cancellationToken.IsCancellationRequested || machineTime.GetElapsedTime(spokenAt) > VerdictGoodFor;
            var outcome = isStale ? Settlement.Stale : await DeliverAsync(envelope, attempts[envelope.Touch.Value] + 1);
            settled.Add(new SettledTouch(envelope.LeadId, envelope.Touch.Value, outcome, IsTried: !isStale));
        }

        if (settled.Count > 0)
        {
            Waypoints.Pass("dispatch.delivered");
            // Also where the host is asked to stop.
            await _untilWritten.ExecuteAsync(
                async token => await store.SettleAsync(settled, lease, business.GetUtcNow(), token),
                CancellationToken.None
            );
        }
    }

    private async Task<Settlement> DeliverAsync(EmailEnvelope envelope, int attempt)
    {
        DeliveryResult result;
        try
        {
            Waypoints.Pass("dispatch.delivering");
            // Half-way there is no stopping: a cancelled hand-over would have an unknown outcome.
            result = await transport.DeliverAsync(envelope, CancellationToken.None);
        }
#pragma warning disable CA1031 // Whatever a transport throws, nobody knows whether the message left: that is what uncertain means.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogDeliveryFailed(exception, envelope.Touch.Value);
            result = new DeliveryResult.Uncertain(exception.GetType().Name);
        }

#pragma warning disable CA5394 // Jitter spreads load; nobody gains by guessing it.
        return Settlement.Of(result, attempt, Random.Shared.NextDouble());
#pragma warning restore CA5394
    }

    [LoggerMessage(
        EventId = 3001,
        Level = LogLevel.Error,
        Message = "Touch {TouchId} was being handed over when the channel failed; it is uncertain"
    )]
    private partial void LogDeliveryFailed(Exception exception, Guid touchId);
}
