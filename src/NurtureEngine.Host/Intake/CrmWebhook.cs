using Microsoft.Extensions.Options;
using NurtureEngine.Core.Intake;
using NurtureEngine.Host.Api.Answers;
using NurtureEngine.Host.Configuration;
using NurtureEngine.Host.Scheduling;
using NurtureEngine.Postgres;
using NurtureEngine.Postgres.Intake;

namespace NurtureEngine.Host.Intake;

/// <summary>Takes a CRM's events in by Standard Webhooks: authenticates, stores, and only then answers 202.</summary>
internal static partial class CrmWebhook
{
    /// <summary>The largest body, in bytes.</summary>
    public const int MaxBody = 1024 * 1024;

    private const int MaxEventId = 200;

    public static void MapCrmWebhook(this IEndpointRouteBuilder routes) =>
        routes
            .MapPost("/webhooks/crm/{source}", ReceiveAsync)
            .WithTags("Webhooks")
            .WithName("ReceiveCrmEvent")
            .WithSummary("An event of a CRM, signed by Standard Webhooks")
            .Accepts<System.Text.Json.JsonElement>("application/json", "application/cloudevents+json")
            .Produces<AcceptedEvent>(StatusCodes.Status202Accepted)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status429TooManyRequests)
            .AllowAnonymous();

    private static async Task<IResult> ReceiveAsync(
        string source,
        HttpRequest request,
        WebhookSecrets secrets,
        WebhookRates rates,
        InboxWriter inbox,
        WorkSignal signal,
        ILogger<WebhookSecrets> logger,
        TimeProvider machineTime,
        CancellationToken cancellationToken
    )
    {
        if (await RequestBody.ReadAsync(request, MaxBody, cancellationToken) is not { } body)
        {
            return TypedResults.Problem(
                $"The body is larger than {MaxBody} bytes.",
                statusCode: StatusCodes.Status413PayloadTooLarge
            );
        }

        var eventId = Header(request, "id");
        var timestamp = Header(request, "timestamp");
        var signatures = Header(request, "signature");
        var keys = await secrets.FindAsync(source, cancellationToken);
        var now = machineTime.GetUtcNow();
        if (!WebhookSignature.Verify(keys, eventId, timestamp, signatures, body, now))
        {
            LogRefused(logger, WebhookSignature.Explain(keys.Count > 0, eventId, timestamp, signatures, now));
            // Which of source, secret, timestamp or body was wrong is nobody's business but the operator's.
            return TypedResults.Problem(
                "The signature is missing, wrong or too old.",
                statusCode: StatusCodes.Status401Unauthorized
            );
        }

        if (rates.RetryAfter(source, 1) is { } wait)
        {
            return TooMany(request, wait);
        }

        if (eventId.Length is 0 or > MaxEventId || eventId.Any(char.IsControl))
        {
            return Problems.BadRequest(
                $"The header 'webhook-id' has {eventId.Length} characters; expected 1 to {MaxEventId}."
            );
        }

        var isBinary = BinaryCloudEvent.Is(request);
        body = isBinary ? BinaryCloudEvent.ToStructured(request, body) : body;
        if (CrmEventReader.TryRead(source, body, out var cloudId, out var faults) is not { } crmEvent)
        {
            return Problems.Faults(faults);
        }

        await inbox.AppendAsync(
            new IncomingEvent(
                source,
                isBinary ? eventId : cloudId ?? eventId,
                Lanes.Of(crmEvent.Subject),
                crmEvent.Type,
                body
            )
            {
                AlsoLanes = crmEvent is CrmEvent { Merged: var merged } ? Lanes.Others(crmEvent.Subject, merged) : null,
            },
            cancellationToken
        );
        NurtureMetrics.CountReceived(source, 1);
        Waypoints.Pass("intake.stored");
        signal.Raise();
        request.HttpContext.Response.OnCompleted(() =>
        {
            Waypoints.Pass("intake.answered");
            return Task.CompletedTask;
        });
        return TypedResults.Accepted((string?)null, new AcceptedEvent(eventId));
    }

    // Svix, whose scheme became Standard Webhooks, still sends under its own names (Svix, "Verifying webhooks").
    private static string Header(HttpRequest request, string name) =>
        request.Headers.TryGetValue($"webhook-{name}", out var value)
            ? value.ToString()
            : request.Headers[$"svix-{name}"].ToString();

    /// <summary>The answer to a source that sends more than it may: nothing was stored, and after how many seconds to come again.</summary>
    public static IResult TooMany(HttpRequest request, string seconds)
    {
        request.HttpContext.Response.Headers.RetryAfter = seconds;
        return TypedResults.Problem(
            $"The source sends more than it may; nothing was stored. Send it again after {seconds} s.",
            statusCode: StatusCodes.Status429TooManyRequests
        );
    }

    [LoggerMessage(EventId = 1001, Level = LogLevel.Warning, Message = "A webhook was refused: {Reason}")]
    private static partial void LogRefused(ILogger logger, string reason);
}

/// <summary>The answer to an event that is stored: its id, as the sender gave it.</summary>
internal sealed record AcceptedEvent(string Id);

/// <summary>The keys that a source may sign with: those of the configuration, or that of the source the first start made.</summary>
internal sealed class WebhookSecrets(IOptions<NurtureOptions> options, WebhookSourceStore store)
{
    public async Task<IReadOnlyList<byte[]>> FindAsync(string source, CancellationToken cancellationToken)
    {
        if (options.Value.Webhooks.Sources.TryGetValue(source, out var configured))
        {
            return [.. configured.Secrets.Select(secret => WebhookSignature.KeyOf(secret)!)];
        }

        return await store.FindSecretAsync(source, cancellationToken) is { } secret
            ? [WebhookSignature.KeyOf(secret)!]
            : [];
    }
}
