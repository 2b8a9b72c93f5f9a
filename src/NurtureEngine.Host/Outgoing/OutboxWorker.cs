using Microsoft.Extensions.Options;
using NurtureEngine.Channels.Alerts;
using NurtureEngine.Channels.Email;
using NurtureEngine.Channels.Webhooks;
using NurtureEngine.Core.Channels;
using NurtureEngine.Core.Intake;
using NurtureEngine.Core.Outgoing;
using NurtureEngine.Core.Touches;
using NurtureEngine.Host.Configuration;
using NurtureEngine.Host.Rulebooks;
using NurtureEngine.Host.Scheduling;
using NurtureEngine.Postgres.Outgoing;

namespace NurtureEngine.Host.Outgoing;

/// <summary>Sends what waits in the outbox: at least once, with back-off, until the attempts are exhausted.</summary>
internal sealed partial class OutboxWorker(
    OutboxStore store,
    WebhookCaller webhooks,
    SlackAlerts alerts,
    ColleagueMail email,
    IOptions<NurtureOptions> options,
    CurrentRulebook rulebook,
    [FromKeyedServices(Clocks.Business)] TimeProvider business,
    ILogger<OutboxWorker> logger
) : ITurn
{
    private const int BatchSize = 32;

    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(6);

    // As long as a target that keeps failing is left alone.
    private static readonly TimeSpan WhileLeftAlone = TimeSpan.FromSeconds(30);

    // Longer than an attempt may take.
    private static readonly TimeSpan Hold = TimeSpan.FromMinutes(2);

    public string Name => "outbox";

    public async Task<bool> RunTurnAsync(CancellationToken cancellationToken)
    {
        var lease = Guid.NewGuid();
        var taken = await store.TakeAsync(BatchSize, lease, Hold, cancellationToken);
        if (taken.Count == 0)
        {
            return false;
        }

        // Half-way there is no stopping: what was sent would be sent again. Each attempt has its own timeout.
        var outcomes = await Task.WhenAll(taken.Select(row => SendAsync(row, CancellationToken.None)));
        await store.SettleAsync(outcomes, lease, business.GetUtcNow(), CancellationToken.None);
        return true;
    }

    private async Task<OutboxOutcome> SendAsync(OutboxRow row, CancellationToken cancellationToken)
    {
        DeliveryResult result;
        try
        {
            result = row.ToMessage() switch
            {
                OutboxMessage.Webhook webhook => await CallAsync(webhook, cancellationToken),
                OutboxMessage.Alert alert => await AlertAsync(alert, cancellationToken),
                OutboxMessage.Email mail => await email.SendAsync(
                    mail,
                    row.LeadId,
                    rulebook.Value.SenderFor("default"),
                    business.GetUtcNow(),
                    cancellationToken
                ),
                _ => throw new InvalidOperationException($"A message of kind '{row.Kind}' has no way out."),
            };
        }
        catch (ChannelException exception)
        {
            result = new DeliveryResult.Deferred(exception.Message, null);
        }
#pragma warning disable CA1031 // One message that can't be sent must not hold up the others; it is tried again, and named in the end.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogFailed(exception, row.Id);
            result = new DeliveryResult.Deferred(exception.GetType().Name, null);
        }

#pragma warning disable CA5394 // Jitter spreads load; nobody gains by guessing it.
        return Outcome(row, result, Random.Shared.NextDouble());
#pragma warning restore CA5394
    }

    private OutboxOutcome Outcome(OutboxRow row, DeliveryResult result, double jitter)
    {
        if (result is DeliveryResult.Untried untried)
        {
            return new OutboxOutcome(row.Id, "waiting", untried.Code, WhileLeftAlone) { IsTried = false };
        }

        // A receiver knows a repeat by its id, so that what is uncertain is sent again.
        var known = result is DeliveryResult.Uncertain uncertain
            ? new DeliveryResult.Deferred(uncertain.Reason, null)
            : result;
        var settled = Settlement.Of(known, row.Attempts, jitter);
        switch (settled.State)
        {
            case TouchState.Accepted:
                return new OutboxOutcome(row.Id, "sent", null, null);
            case TouchState.Deferred:
                return new OutboxOutcome(
                    row.Id,
                    "waiting",
                    settled.Argument,
                    Bounded(settled.RetryAfter ?? TimeSpan.Zero, BackOff.After(row.Attempts, jitter))
                );
            default:
                LogDead(row.Id, row.Kind, settled.Argument);
                return new OutboxOutcome(row.Id, "dead", settled.Argument, null);
        }
    }

    // A receiver may ask for patience, within reason; not for haste.
    private static TimeSpan Bounded(TimeSpan asked, TimeSpan backOff) =>
        asked < backOff ? backOff
        : asked > LongestWait ? LongestWait
        : asked;

    private async Task<DeliveryResult> CallAsync(OutboxMessage.Webhook webhook, CancellationToken cancellationToken) =>
        options.Value.Webhooks.Targets.TryGetValue(webhook.Target, out var target)
            ? await webhooks.CallAsync(
                new Uri(target.Url),
                WebhookSignature.KeyOf(target.Secret)!,
                webhook.Id,
                webhook.Body,
                cancellationToken
            )
            : new DeliveryResult.Rejected("target.unknown");

    private async Task<DeliveryResult> AlertAsync(OutboxMessage.Alert alert, CancellationToken cancellationToken) =>
        options.Value.Alerts.Targets.TryGetValue(alert.Target, out var target)
            ? await alerts.PostAsync(new Uri(target.Url), alert, cancellationToken)
            : new DeliveryResult.Rejected("target.unknown");

    [LoggerMessage(EventId = 3201, Level = LogLevel.Error, Message = "Message {MessageId} could not be sent")]
    private partial void LogFailed(Exception exception, Guid messageId);

    [LoggerMessage(
        EventId = 3202,
        Level = LogLevel.Error,
        Message = "Message {MessageId} ({Kind}) is given up: {Reason}"
    )]
    private partial void LogDead(Guid messageId, string kind, string? reason);
}
