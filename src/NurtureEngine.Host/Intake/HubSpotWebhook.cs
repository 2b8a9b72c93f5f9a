using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.Options;
using NurtureEngine.Core.Intake;
using NurtureEngine.Core.Intake.HubSpot;
using NurtureEngine.Host.Configuration;
using NurtureEngine.Host.Scheduling;
using NurtureEngine.Postgres;
using NurtureEngine.Postgres.Intake;

namespace NurtureEngine.Host.Intake;

/// <summary>
/// Takes in the batches that HubSpot posts: each event becomes a row of the inbox of its own. HubSpot sends a batch again as a whole,
/// so one event that is not understood never refuses the others: it becomes a dead letter.
/// </summary>
internal static partial class HubSpotWebhook
{
    private const string Address = "/webhooks/hubspot";

    public static void MapHubSpotWebhook(this IEndpointRouteBuilder routes) =>
        routes
            .MapPost(Address, ReceiveAsync)
            .WithTags("Webhooks")
            .WithName("ReceiveHubSpotEvents")
            .WithSummary("A batch of HubSpot's events, signed by its signature version 3")
            .Accepts<JsonElement>("application/json")
            .Produces(StatusCodes.Status200OK)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status429TooManyRequests)
            .AllowAnonymous();

    private static async Task<IResult> ReceiveAsync(
        HttpRequest request,
        IOptions<NurtureOptions> options,
        WebhookRates rates,
        InboxStore inbox,
        WorkSignal signal,
        ILogger<WebhookRates> logger,
        TimeProvider machineTime,
        [FromKeyedServices(Clocks.Business)] TimeProvider business,
        CancellationToken cancellationToken
    )
    {
        if (await RequestBody.ReadAsync(request, CrmWebhook.MaxBody, cancellationToken) is not { } body)
        {
            return TypedResults.Problem(
                $"The body is larger than {CrmWebhook.MaxBody} bytes.",
                statusCode: StatusCodes.Status413PayloadTooLarge
            );
        }

        var isGenuine =
            options.Value.Webhooks.HubSpot.ClientSecret is { } secret
            && HubSpotSignature.Verify(
                secret,
                request.Method,
                PublicAddress(request, options.Value.PublicUrl),
                body,
                request.Headers["X-HubSpot-Request-Timestamp"].ToString(),
                request.Headers["X-HubSpot-Signature-v3"].ToString(),
                machineTime.GetUtcNow()
            );
        if (!isGenuine)
        {
            LogRefused(logger, options.Value.Webhooks.HubSpot.ClientSecret is not null);
            return TypedResults.Problem(
                "The signature is missing, wrong or too old.",
                statusCode: StatusCodes.Status401Unauthorized
            );
        }

        if (Events(body) is not { } events)
        {
            return TypedResults.Problem(
                "The body is no JSON array of events.",
                statusCode: StatusCodes.Status400BadRequest
            );
        }

        if (rates.RetryAfter(HubSpotEvent.Source, events.Count) is { } wait)
        {
            return CrmWebhook.TooMany(request, wait);
        }

        await inbox.AppendAllAsync(events, business.GetUtcNow(), cancellationToken);
        NurtureMetrics.CountReceived(HubSpotEvent.Source, events.Count);
        Waypoints.Pass("intake.stored");
        signal.Raise();
        return TypedResults.Ok();
    }

    // What is no event of HubSpot's is kept as one that nobody understands.
    private static List<IncomingEvent>? Events(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 16 });
            return document.RootElement.ValueKind != JsonValueKind.Array
                ? null
                :
                [
                    .. document
                        .RootElement.EnumerateArray()
                        .Select(shape =>
                            (Head: HubSpotHead.Of(shape), Body: Encoding.UTF8.GetBytes(shape.GetRawText()))
                        )
                        .Select(row => new IncomingEvent(
                            HubSpotEvent.Source,
                            row.Head.EventId,
                            Lanes.Of(row.Head.Subject),
                            row.Head.Type,
                            row.Body
                        )
                        {
                            AlsoLanes = Lanes.Others(row.Head.Subject, row.Head.Merged),
                        })
                        .DistinctBy(row => row.EventId),
                ];
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    // Behind a proxy the host sees another address than the one that was signed.
    private static string PublicAddress(HttpRequest request, string? publicUrl) =>
        publicUrl is null
            ? request.GetEncodedUrl()
            : $"{publicUrl.TrimEnd('/')}{request.Path.ToUriComponent()}{request.QueryString.ToUriComponent()}";

    [LoggerMessage(
        EventId = 1002,
        Level = LogLevel.Warning,
        Message = "A batch of HubSpot's was refused: its signature is wrong or too old (a client secret is configured: {IsConfigured})"
    )]
    private static partial void LogRefused(ILogger logger, bool isConfigured);
}
