using System.Globalization;
using System.Net;
using NurtureEngine.Channels.Http;
using NurtureEngine.Core.Outgoing;
using NurtureEngine.Core.Touches;
using Polly.CircuitBreaker;
using Polly.Timeout;
using Refit;

namespace NurtureEngine.Channels.Alerts;

/// <summary>Tells colleagues in a chat, by an incoming webhook of Slack's or of one that takes the same.</summary>
public sealed class SlackAlerts(IHttpClientFactory clients)
{
    /// <summary>The name of the client that the host registers with <see cref="OutgoingHttp.AddOutgoing"/>.</summary>
    public const string Client = "slack";

    private static readonly RefitSettings Settings = OutgoingHttp.Settings(SlackJson.Default);

    /// <summary>One attempt; its result names no address.</summary>
    /// <param name="address">The receiver's, which holds its secret.</param>
    /// <param name="alert">What is told.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public async Task<DeliveryResult> PostAsync(
        Uri address,
        OutboxMessage.Alert alert,
        CancellationToken cancellationToken
    )
    {
        var http = clients.CreateClient(Client);
        http.BaseAddress = address;
        try
        {
            using var answer = await RestService
                .For<ISlackWebhook>(http, Settings)
                .PostAsync(new SlackMessage(TextOf(alert)), alert.Target, cancellationToken);
            return Judge(answer);
        }
        catch (BrokenCircuitException)
        {
            return new DeliveryResult.Deferred("target.failing", null);
        }
        catch (TimeoutRejectedException)
        {
            return new DeliveryResult.Deferred("Timeout", null);
        }
    }

    /// <summary>The title in bold, and the text under it, both escaped.</summary>
    internal static string TextOf(OutboxMessage.Alert alert) =>
        $"*{Escape(alert.Title).Replace("*", "", StringComparison.Ordinal)}*\n{Escape(alert.Text)}";

    private static string Escape(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal)
            .Replace("<", "&lt;", StringComparison.Ordinal)
            .Replace(">", "&gt;", StringComparison.Ordinal);

    private static DeliveryResult Judge(IApiResponse<string> answer) =>
        answer.StatusCode is { } status ? Judge(status, answer.Headers?.RetryAfter?.Delta)
        : answer.Error?.InnerException is HttpRequestException { InnerException: PrivateAddressException }
            ? new DeliveryResult.Rejected("address.private")
        : answer.Error?.InnerException is HttpRequestException unreached
            ? new DeliveryResult.Deferred($"{unreached.HttpRequestError}", null)
        : answer.Error?.InnerException is BrokenCircuitException ? new DeliveryResult.Deferred("target.failing", null)
        : new DeliveryResult.Deferred(answer.Error?.InnerException?.GetType().Name ?? "unreached", null);

    // What Slack answers with 4xx does not get better by itself: the receiver is gone, or does not take such a message.
    private static DeliveryResult Judge(HttpStatusCode status, TimeSpan? patience)
    {
        var code = ((int)status).ToString(CultureInfo.InvariantCulture);
        return status switch
        {
            >= HttpStatusCode.OK and < HttpStatusCode.MultipleChoices => new DeliveryResult.Accepted(),
            HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError =>
                new DeliveryResult.Deferred(code, patience),
            _ => new DeliveryResult.Rejected(code),
        };
    }
}
