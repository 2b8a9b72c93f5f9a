using System.Globalization;
using System.Text.Json;
using NurtureEngine.Channels.Http;
using Refit;

namespace NurtureEngine.Channels.WeChat;

/// <summary>Calls the API of official accounts. Neither secrets nor tokens are in what it answers or throws.</summary>
public sealed class WeChatClient(IHttpClientFactory clients)
{
    /// <summary>The name of the client that the host registers with <see cref="OutgoingHttp.AddOutgoing"/>.</summary>
    public const string Client = "wechat";

    private const int LongestAnswer = 64 * 1024;
    private const int LongestMessage = 200;

    private static readonly RefitSettings Settings = OutgoingHttp.Settings(WeChatJson.Default);

    // Behind the limits of the pipeline: an answer whose body never comes must not hold a lock.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>Asks for the stable token of an account.</summary>
    /// <param name="api">Where the API is, such as <c>https://api.weixin.qq.com</c>.</param>
    /// <param name="target">By which name calls of the account are told apart, for the circuit breaker and the health page.</param>
    /// <param name="appId">The account's id.</param>
    /// <param name="secret">Its secret.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public async Task<TokenAnswer> FetchTokenAsync(
        Uri api,
        string target,
        string appId,
        string secret,
        CancellationToken cancellationToken
    )
    {
        using var longest = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        longest.CancelAfter(Longest);
        using var http = clients.CreateClient(Client);
        http.BaseAddress = new Uri(api.GetLeftPart(UriPartial.Authority));
        try
        {
            using var answer = await RestService
                .For<IWeChatApi>(http, Settings)
                .StableTokenAsync(
                    new StableTokenOrder(appId, secret),
                    target,
                    new Uri(api, "/cgi-bin/stable_token"),
                    longest.Token
                );
            return answer.IsSuccessStatusCode
                ? Judge(await ReadAsync(answer, longest.Token))
                : TokenAnswer.Failed($"HTTP {((int)answer.StatusCode).ToString(CultureInfo.InvariantCulture)}");
        }
        catch (Exception exception) when (OutgoingHttp.FailureOf(exception, cancellationToken) is { } failure)
        {
            return TokenAnswer.Failed(failure);
        }
    }

    // Null where it is no answer of WeChat's, such as the page of a gateway.
    private static async Task<WeChatAnswer?> ReadAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        await answer.Content.LoadIntoBufferAsync(LongestAnswer, cancellationToken);
        try
        {
            return JsonSerializer.Deserialize(
                await answer.Content.ReadAsByteArrayAsync(cancellationToken),
                WeChatJson.Default.WeChatAnswer
            );
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static TokenAnswer Judge(WeChatAnswer? answer) =>
        answer switch
        {
            { Code: 0, AccessToken: { Length: > 0 } token, ExpiresIn: > 0 } => new TokenAnswer(
                token,
                TimeSpan.FromSeconds(answer.ExpiresIn),
                null
            ),
            { Code: not 0 } => TokenAnswer.Failed(
                $"{answer.Code.ToString(CultureInfo.InvariantCulture)} {Shortened(answer.Message)}".TrimEnd()
            ),
            _ => TokenAnswer.Failed("The answer is none of WeChat's."),
        };

    private static string? Shortened(string? message) =>
        message?.Length > LongestMessage ? message[..LongestMessage] : message;
}

/// <summary>What came of asking for a token.</summary>
/// <param name="Token">The token; null if there is none.</param>
/// <param name="Lifetime">For how long it holds.</param>
/// <param name="Fault">Why there is none: WeChat's code and words, or what failed on the way; null if there is one.</param>
public sealed record TokenAnswer(string? Token, TimeSpan Lifetime, string? Fault)
{
    internal static TokenAnswer Failed(string fault) => new(null, TimeSpan.Zero, fault);
}
