using NurtureEngine.Channels.Email;
using NurtureEngine.Core.Touches;
using NurtureEngine.Host.Rulebooks;
using NurtureEngine.Host.Scheduling;
using NurtureEngine.Host.Tracks;
using NurtureEngine.Postgres;
using NurtureEngine.Postgres.Touches;

namespace NurtureEngine.Host.Touches;

/// <summary>
/// Claims due touches and, in small groups right before the wire, takes them through the gate and hands them over. What a
/// crash leaves in hand becomes uncertain; it is never sent again by itself.
/// </summary>
internal sealed partial class DispatchWorker(
    TouchStore store,
    GateKeeper gate,
    IEmailTransport transport,
    TrackCatalog tracks,
    CurrentRulebook rulebook,
    TimeProvider machineTime,
    [FromKeyedServices(Clocks.Business)] TimeProvider business,
    ILogger<DispatchWorker> logger
) : ITurn
{
    private const int ClaimSize = 100;
    private const int GroupSize = 20;
    private static readonly TimeSpan ClaimHold = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan HandingHold = TimeSpan.FromMinutes(2);

    // A verdict is as good as the moment it was spoken in; after this it is asked for again.
    private static readonly TimeSpan VerdictGoodFor = TimeSpan.FromSeconds(2);

    public string Name => "dispatch";

    public async Task<bool> RunTurnAsync(CancellationToken cancellationToken)
    {
        await tracks.RefreshAsync(always: false, cancellationToken);
        var lease = Guid.NewGuid();
        var claimed = await store.ClaimAsync(lease, ClaimHold, business.GetUtcNow(), ClaimSize, cancellationToken);
        foreach (var group in claimed.Chunk(GroupSize))
        {
            await HandOverAsync(group, lease, cancellationToken);
        }

        return claimed.Count > 0;
    }

    private async Task HandOverAsync(ClaimedTouch[] group, Guid lease, CancellationToken cancellationToken)
    {
        var now = business.GetUtcNow();
        IReadOnlyList<EmailEnvelope> passed;
        await using (var transaction = await store.OpenGateAsync(group, lease, now, cancellationToken))
        {
            var (gated, envelopes) = gate.Decide(group, transaction, now);
            var handing = await transaction.CommitAsync(gated, HandingHold, rulebook.Value.Version, cancellationToken);
            passed = [.. envelopes.Where(envelope => handing.Contains(envelope.Touch.Value))];
        }

        var spokenAt = machineTime.GetTimestamp();
        var attempts = group.ToDictionary(touch => touch.Id, touch => touch.Attempts);
        var settled = new List<SettledTouch>();
        foreach (var envelope in passed)
        {
            settled.Add(await DeliverAsync(envelope, attempts[envelope.Touch.Value] + 1, spokenAt));
        }

        if (settled.Count > 0)
        {
            Waypoints.Pass("dispatch.delivered");
            // These have left; that must be written down even where the host is asked to stop.
            await store.SettleAsync(settled, lease, business.GetUtcNow(), CancellationToken.None);
        }
    }

    private async Task<SettledTouch> DeliverAsync(EmailEnvelope envelope, int attempt, long spokenAt)
    {
        DeliveryResult result;
        if (machineTime.GetElapsedTime(spokenAt) > VerdictGoodFor)
        {
            result = new DeliveryResult.Deferred("gate.stale", TimeSpan.Zero);
        }
        else
        {
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
        }

        return Settle(envelope, result, attempt);
    }

    private SettledTouch Settle(EmailEnvelope envelope, DeliveryResult result, int attempt)
    {
        var (lead, id) = (envelope.LeadId, envelope.Touch.Value);
        switch (result)
        {
            case DeliveryResult.Accepted:
                return new SettledTouch(lead, id, TouchState.Accepted, "channel.accepted", null, null);
            case DeliveryResult.Rejected rejected:
                return new SettledTouch(lead, id, TouchState.Rejected, "channel.rejected", rejected.Reason, null);
            case DeliveryResult.Uncertain uncertain:
                return new SettledTouch(lead, id, TouchState.Uncertain, "channel.uncertain", uncertain.Reason, null);
            case DeliveryResult.Deferred deferred when attempt >= BackOff.MaxAttempts:
                return new SettledTouch(
                    lead,
                    id,
                    TouchState.Rejected,
                    "channel.attempts_exhausted",
                    deferred.Reason,
                    null
                );
            case DeliveryResult.Deferred deferred:
#pragma warning disable CA5394 // Jitter spreads load; nobody gains by guessing it.
                var wait = deferred.RetryAfter ?? BackOff.After(attempt, Random.Shared.NextDouble());
#pragma warning restore CA5394
                return new SettledTouch(
                    lead,
                    id,
                    TouchState.Deferred,
                    "channel.deferred",
                    deferred.Reason,
                    business.GetUtcNow() + wait
                );
            default:
                throw new InvalidOperationException($"The answer '{result.GetType().Name}' has no meaning here.");
        }
    }

    [LoggerMessage(
        EventId = 3001,
        Level = LogLevel.Error,
        Message = "Touch {TouchId} was being handed over when the channel failed; it is uncertain"
    )]
    private partial void LogDeliveryFailed(Exception exception, Guid touchId);
}
