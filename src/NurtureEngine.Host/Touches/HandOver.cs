using NurtureEngine.Core.Cadences;
using NurtureEngine.Core.Channels;
using NurtureEngine.Core.Touches;
using NurtureEngine.Host.Rulebooks;
using NurtureEngine.Host.Scheduling;
using NurtureEngine.Host.Storage;
using NurtureEngine.Postgres;
using NurtureEngine.Postgres.Gates;
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
    ChannelSet channels,
    CurrentRulebook rulebook,
    TimeProvider machineTime,
    [FromKeyedServices(Clocks.Business)] TimeProvider business,
    ILogger<HandOver> logger
)
{
    private static readonly TimeSpan Hold = TimeSpan.FromMinutes(2);

    // A verdict holds for the moment of business time in which it was given; after this the gate is asked again.
    private static readonly TimeSpan VerdictGoodFor = TimeSpan.FromSeconds(1);

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

    /// <summary>Hands a group over by a session that is ready to take it.</summary>
    public async Task<HandedOver> RunAsync(
        IChannel channel,
        ClaimedTouch[] group,
        Guid lease,
        IChannelSession session,
        CancellationToken cancellationToken
    )
    {
        var now = business.GetUtcNow();
        // One and the same for the whole group, whoever changes it meanwhile.
        var rules = rulebook.Value;
        var look = new GateLook(
            now,
            now - CadenceMemory.LongestWindow,
            rules.CountsAccounts,
            [.. channels.All.Select(one => one.Name)]
        );
        List<ComposedMessage> passed;
        long spokenAt;
        await using (var transaction = await store.OpenGateAsync(group, look, lease, cancellationToken))
        {
            var (gated, messages) = gate.Decide(channel, group, transaction.Scene, rules, now);
            // The locks that keep a verdict true are gone once the commit is done, however long the answer takes.
            spokenAt = business.GetTimestamp();
            var handing = await transaction.CommitAsync(gated, Hold, rules.Version, cancellationToken);
            passed = messages.FindAll(message => handing.Contains(message.Touch.Value));
            Count(gated.Select(touch => touch.State).Where(state => state != TouchState.Handing));
        }

        if (passed.Count == 0)
        {
            return new HandedOver(0, 0, IsLost: false);
        }

        var settled = await DeliverAsync(group, passed, session, spokenAt, cancellationToken);
        Waypoints.Pass("dispatch.delivered");
        await SettleAsync(settled, lease);
        Count(settled.Select(touch => touch.Outcome.State));
        return HandedOver.Of(settled);
    }

    private static void Count(IEnumerable<string> states)
    {
        foreach (var (state, touches) in states.CountBy(state => state))
        {
            NurtureMetrics.CountSettled(state, touches);
        }
    }

    // Also where the host is asked to stop. An answer that can't be written must not take those of the others with it.
    private async Task SettleAsync(List<SettledTouch> settled, Guid lease)
    {
        try
        {
            await _untilWritten.ExecuteAsync(
                async token => await store.SettleAsync(settled, lease, business.GetUtcNow(), token),
                CancellationToken.None
            );
        }
#pragma warning disable CA1031 // Whatever is wrong with one of them, the others are written.
        catch (Exception exception) when (!Outage.Is(exception))
#pragma warning restore CA1031
        {
            if (settled.Count == 1)
            {
                LogNotWritten(exception, settled[0].Id);
                return;
            }

            foreach (var one in settled)
            {
                await SettleAsync([one], lease);
            }
        }
    }

    private async Task<List<SettledTouch>> DeliverAsync(
        ClaimedTouch[] group,
        List<ComposedMessage> passed,
        IChannelSession session,
        long spokenAt,
        CancellationToken cancellationToken
    )
    {
        var left = VerdictGoodFor - business.GetElapsedTime(spokenAt);
        using var good = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, business);
        using var until = CancellationTokenSource.CreateLinkedTokenSource(good.Token, cancellationToken);
        var attempts = group.ToDictionary(touch => touch.Id, touch => touch.Attempts);
        var results = await DeliverSafelyAsync(passed, session, until.Token);
#pragma warning disable CA5394 // Jitter spreads load; nobody gains by guessing it.
        return
        [
            .. passed.Zip(
                results,
                (message, result) =>
                    new SettledTouch(
                        message.LeadId,
                        message.Touch.Value,
                        Settlement.Of(result, attempts[message.Touch.Value] + 1, Random.Shared.NextDouble()),
                        IsTried: result is not DeliveryResult.Untried,
                        IsLost: result.IsLost
                    )
            ),
        ];
#pragma warning restore CA5394
    }

    private async Task<IReadOnlyList<DeliveryResult>> DeliverSafelyAsync(
        List<ComposedMessage> passed,
        IChannelSession session,
        CancellationToken until
    )
    {
        try
        {
            Waypoints.Pass("dispatch.delivering");
            return await session.DeliverAsync(passed, until);
        }
#pragma warning disable CA1031 // Whatever a transport throws, nobody knows whether the messages left: that is what uncertain means.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogDeliveryFailed(exception, passed.Count);
            return passed.ConvertAll(_ => (DeliveryResult)new DeliveryResult.Uncertain(exception.GetType().Name));
        }
    }

    [LoggerMessage(
        EventId = 3001,
        Level = LogLevel.Error,
        Message = "{Count} touches were being handed over when the channel failed; they are uncertain"
    )]
    private partial void LogDeliveryFailed(Exception exception, int count);

    [LoggerMessage(
        EventId = 3006,
        Level = LogLevel.Error,
        Message = "What became of touch {TouchId} could not be written; it counts as uncertain when its hold is over"
    )]
    private partial void LogNotWritten(Exception exception, Guid touchId);
}

/// <summary>
/// What became of a group: how many were handed over, whatever the answer, how many passed the gate and were not begun, and whether that
/// was since the connection was lost.
/// </summary>
internal sealed record HandedOver(int Answered, int Untried, bool IsLost)
{
    public static HandedOver Of(IReadOnlyList<SettledTouch> settled)
    {
        var untried = settled.Count(touch => !touch.IsTried);
        var lost = settled.Count(touch => touch.IsLost);
        return new HandedOver(
            settled.Count - untried - lost,
            untried,
            lost > 0 || settled.Any(touch => touch.Outcome.Code == DeliveryResult.Untried.Lost)
        );
    }
}
