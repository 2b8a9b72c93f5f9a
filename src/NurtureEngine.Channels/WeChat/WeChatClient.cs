using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using NurtureEngine.Channels.Http;
using Refit;

namespace NurtureEngine.Channels.WeChat;

/// <summary>Calls the API of official accounts. Neither secrets nor tokens are in what it answers or throws.</summary>
public sealed class WeChatClient(IHttpClientFactory clients)
{
    /// <summary>The name of the client that the host registers with <see cref="OutgoingHttp.AddOutgoing"/>.</summary>
    public const string Client = "wechat";

    // A page of 10,000 followers takes 400 KB.
    private const int LongestAnswer = 2 * 1024 * 1024;

    private static readonly RefitSettings Settings = OutgoingHttp.Settings(WeChatJson.Default);

    // Behind the limits of the pipeline: an answer whose body never comes must not hold a lock.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>Asks for the stable token of an account.</summary>
    /// <param name="api">Where the API is, such as <c>https://api.weixin.qq.com</c>.</param>
    /// <param name="target">The name of the account for the circuit breaker and the health page.</param>
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
        var (answer, fault) = await SendAsync(
            api,
            (calls, ends) =>
                calls.StableTokenAsync(
                    new StableTokenOrder(appId, secret),
                    target,
                    new Uri(api, "/cgi-bin/stable_token"),
                    ends
                ),
            WeChatJson.Default.StableTokenAnswer,
            cancellationToken
        );
        return answer switch
        {
            { AccessToken: { Length: > 0 } token, ExpiresIn: > 0 } => new TokenAnswer(
                token,
                TimeSpan.FromSeconds(answer.ExpiresIn),
                null
            ),
            _ => new TokenAnswer(null, TimeSpan.Zero, fault?.Text ?? WeChatFault.NoAnswer.Text),
        };
    }

    /// <summary>Asks for a page of those who follow an account.</summary>
    /// <param name="api">Where the API is.</param>
    /// <param name="target">The name of the account for the circuit breaker.</param>
    /// <param name="token">The account's token.</param>
    /// <param name="after">After whom the page begins; empty for the first one.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public async Task<FollowerPage> ListFollowersAsync(
        Uri api,
        string target,
        string token,
        string after,
        CancellationToken cancellationToken
    )
    {
        var query = $"access_token={Uri.EscapeDataString(token)}&next_openid={Uri.EscapeDataString(after)}";
        var (answer, fault) = await SendAsync(
            api,
            (calls, ends) => calls.FollowersAsync(target, new Uri(api, $"/cgi-bin/user/get?{query}"), ends),
            WeChatJson.Default.FollowersAnswer,
            cancellationToken
        );
        return answer is null
            ? new FollowerPage([], 0, "", fault)
            : new FollowerPage(answer.Data?.OpenIds ?? [], answer.Total, answer.NextOpenId ?? "", null);
    }

    // The answer if WeChat took the call; else why not.
    private async Task<(TAnswer? Answer, WeChatFault? Fault)> SendAsync<TAnswer>(
        Uri api,
        Func<IWeChatApi, CancellationToken, Task<HttpResponseMessage>> call,
        JsonTypeInfo<TAnswer> type,
        CancellationToken cancellationToken
    )
        where TAnswer : WeChatAnswer
    {
        using var longest = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        longest.CancelAfter(Longest);
        using var http = clients.CreateClient(Client);
        http.BaseAddress = new Uri(api.GetLeftPart(UriPartial.Authority));
        try
        {
            using var answer = await call(RestService.For<IWeChatApi>(http, Settings), longest.Token);
            if (!answer.IsSuccessStatusCode)
            {
                return (null, new WeChatFault(0, $"HTTP {(int)answer.StatusCode}"));
            }

            await answer.Content.LoadIntoBufferAsync(LongestAnswer, longest.Token);
            var body = await answer.Content.ReadAsByteArrayAsync(longest.Token);
            return JsonSerializer.Deserialize(body, type) switch
            {
                { Code: 0 } read => (read, null),
                { } refused => (null, WeChatFault.Of(refused.Code, refused.Message)),
                null => (null, WeChatFault.NoAnswer),
            };
        }
        catch (JsonException)
        {
            return (null, WeChatFault.NoAnswer);
        }
        catch (Exception exception) when (OutgoingHttp.FailureOf(exception, cancellationToken) is { } failure)
        {
            return (null, new WeChatFault(0, failure));
        }
    }
}

/// <summary>The result of a request for a token.</summary>
/// <param name="Token">The token; null if there is none.</param>
/// <param name="Lifetime">For how long it holds.</param>
/// <param name="Fault">Why there is none: WeChat's code and words, or what failed on the way; null if there is one.</param>
public sealed record TokenAnswer(string? Token, TimeSpan Lifetime, string? Fault);

/// <summary>A page of those who follow an account.</summary>
/// <param name="OpenIds">Who, by the ids that the account knows them by.</param>
/// <param name="Total">How many follow it in all.</param>
/// <param name="Next">After whom the next page begins; empty if this is the last one.</param>
/// <param name="Fault">Why there is no page; null if there is one.</param>
public sealed record FollowerPage(IReadOnlyList<string> OpenIds, int Total, string Next, WeChatFault? Fault);

/// <summary>Why WeChat did not take a call.</summary>
/// <param name="Code">Its code; 0 if it did not answer.</param>
/// <param name="Text">Its code and words, or what failed on the way. No secret.</param>
public sealed record WeChatFault(int Code, string Text)
{
    private const int LongestMessage = 200;

    internal static WeChatFault NoAnswer { get; } = new(0, "The answer is not valid JSON of WeChat's.");

    /// <summary>Whether the token was refused: it has expired, or another one took its place.</summary>
    public bool IsOfToken => Code is 40001 or 40014 or 42001;

    /// <summary>Whether the account may not make the call, which does not get better by itself (WeChat, "global return codes").</summary>
    public bool IsOfAccount => Code is 48001 or 48004 or 50001;

    internal static WeChatFault Of(int code, string? message)
    {
        var words = message?.Length > LongestMessage ? message[..LongestMessage] : message;
        return new WeChatFault(code, string.Create(CultureInfo.InvariantCulture, $"{code} {words}").TrimEnd());
    }
}
