using System.Text.Json.Serialization;
using NurtureEngine.Channels.Http;
using Refit;

namespace NurtureEngine.Channels.Alerts;

/// <summary>
/// An incoming webhook as Slack has it ("Sending messages using incoming webhooks"), and Mattermost, Rocket.Chat and others after it. Its address is
/// a secret.
/// </summary>
internal interface ISlackWebhook
{
    /// <summary>Posts a message; the answer is the head alone, whatever it says, which the caller disposes.</summary>
    /// <param name="message">What is said.</param>
    /// <param name="target">The configured name of the receiver.</param>
    /// <param name="address">Its address, which the pipeline puts in on the way out.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    [Post("/")]
    Task<HttpResponseMessage> PostAsync(
        [Body] SlackMessage message,
        [Property(OutgoingHttp.Target)] string target,
        [Property(OutgoingHttp.Address)] Uri address,
        CancellationToken cancellationToken
    );
}

/// <summary>A message; <c>&amp;</c>, <c>&lt;</c> and <c>&gt;</c> in the text are escaped (Slack, "Formatting text").</summary>
internal sealed record SlackMessage([property: JsonPropertyName("text")] string Text);

[JsonSerializable(typeof(SlackMessage))]
internal sealed partial class SlackJson : JsonSerializerContext;
