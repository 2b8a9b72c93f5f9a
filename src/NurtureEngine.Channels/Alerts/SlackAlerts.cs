using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using NurtureEngine.Channels.Http;
using NurtureEngine.Core.Outgoing;
using NurtureEngine.Core.Touches;
using Refit;

namespace NurtureEngine.Channels.Alerts;

/// <summary>Posts messages to colleagues in a chat, by an incoming webhook of Slack's or of one that takes the same.</summary>
public sealed partial class SlackAlerts(IHttpClientFactory clients)
{
    /// <summary>The name of the client that the host registers with <see cref="OutgoingHttp.AddOutgoing"/>.</summary>
    public const string Client = "slack";

    private static readonly RefitSettings Settings = OutgoingHttp.Settings(SlackJson.Default);

    // Behind the limits of the pipeline: an answer whose head never comes must not hold up the outbox.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>
    /// One attempt; its result names no address. Slack does not detect duplicates: if the answer to a message is lost, the message is sent again.
    /// </summary>
    /// <param name="address">The receiver's, which holds its secret.</param>
    /// <param name="alert">The message.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public async Task<DeliveryResult> PostAsync(
        Uri address,
        OutboxMessage.Alert alert,
        CancellationToken cancellationToken
    )
    {
        using var http = clients.CreateClient(Client);
        http.BaseAddress = new Uri(address.GetLeftPart(UriPartial.Authority));
        using var longest = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        longest.CancelAfter(Longest);
        try
        {
            using var answer = await RestService
                .For<ISlackWebhook>(http, Settings)
                .PostAsync(new SlackMessage(TextOf(alert)), alert.Target, address, longest.Token);
            return Judge(answer);
        }
        catch (Exception exception) when (OutgoingHttp.FailureOf(exception, cancellationToken) is { } failure)
        {
            return failure switch
            {
                OutgoingHttp.Failing => new DeliveryResult.Untried(failure),
                OutgoingHttp.PrivateAddress => new DeliveryResult.Rejected(failure),
                _ => new DeliveryResult.Deferred(failure, null),
            };
        }
    }

    /// <summary>The title in bold, and the text under it, as plain text: a lead's name must not notify anybody or become a link.</summary>
    internal static string TextOf(OutboxMessage.Alert alert) =>
        $"*{Escape(alert.Title).Replace("*", "", StringComparison.Ordinal)}*\n{Escape(alert.Text)}";

    private static string Escape(string text) =>
        Mention()
            .Replace(text, "$1@\u200B")
            .Replace("](", "]\u200B(", StringComparison.Ordinal)
            .Replace("&", "&amp;", StringComparison.Ordinal)
            .Replace("<", "&lt;", StringComparison.Ordinal)
            .Replace(">", "&gt;", StringComparison.Ordinal);

    // What Slack answers with 4xx does not get better by itself: the receiver is gone, or does not take such a message.
    private static DeliveryResult Judge(HttpResponseMessage answer)
    {
        var code = ((int)answer.StatusCode).ToString(CultureInfo.InvariantCulture);
        return answer.StatusCode switch
        {
            >= HttpStatusCode.OK and < HttpStatusCode.MultipleChoices => new DeliveryResult.Accepted(),
            HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError =>
                new DeliveryResult.Deferred(code, answer.Headers.RetryAfter?.Delta),
            _ => new DeliveryResult.Rejected(code),
        };
    }

    // Not that of an address.
    [GeneratedRegex(@"(^|[^\w.+-])@(?=\w)", RegexOptions.Multiline)]
    private static partial Regex Mention();
}
