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
    /// <summary>Posts a message; an answer that is no success is not thrown.</summary>
    /// <param name="message">What is said.</param>
    /// <param name="target">The configured name of the receiver.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    [Post("")]
    Task<IApiResponse<string>> PostAsync(
        [Body] SlackMessage message,
        [Property(OutgoingHttp.Target)] string target,
        CancellationToken cancellationToken
    );
}

/// <summary>A message; <c>&amp;</c>, <c>&lt;</c> and <c>&gt;</c> in the text are escaped (Slack, "Formatting text").</summary>
internal sealed record SlackMessage([property: JsonPropertyName("text")] string Text);

[JsonSerializable(typeof(SlackMessage))]
internal sealed partial class SlackJson : JsonSerializerContext;
