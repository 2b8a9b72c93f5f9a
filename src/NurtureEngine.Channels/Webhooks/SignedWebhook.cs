using System.Globalization;
using NurtureEngine.Core.Intake;

namespace NurtureEngine.Channels.Webhooks;

/// <summary>One attempt to tell a receiver of an event, in the form of Standard Webhooks.</summary>
public static class SignedWebhook
{
    /// <param name="address">The receiver; may be relative to the client's own.</param>
    /// <param name="key">The secret that both sides know.</param>
    /// <param name="id">The event's id, the same at every attempt.</param>
    /// <param name="at">When this attempt is made, in machine time.</param>
    /// <param name="body">JSON in UTF-8.</param>
    /// <returns>The request, which the caller disposes.</returns>
    public static HttpRequestMessage Request(Uri address, byte[] key, string id, DateTimeOffset at, byte[] body)
    {
        var timestamp = at.ToUnixTimeSeconds();
        var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", timestamp.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("webhook-signature", WebhookSignature.Sign(key, id, timestamp, body));
        return request;
    }
}
