using System.Text.Json.Serialization;
using NurtureEngine.Channels.Http;
using Refit;

namespace NurtureEngine.Channels.WeChat;

/// <summary>The API of official accounts. Its answers have the head alone when they come; their bodies are read within limits.</summary>
internal interface IWeChatApi
{
    /// <summary>Asks for the account's stable token ("getStableAccessToken"): the same one within its lifetime, a new one in its last five minutes.</summary>
    [Post("/")]
    Task<HttpResponseMessage> StableTokenAsync(
        [Body] StableTokenOrder order,
        [Property(OutgoingHttp.Target)] string target,
        [Property(OutgoingHttp.Address)] Uri address,
        CancellationToken cancellationToken
    );

    /// <summary>Asks for a page of those who follow the account, up to 10,000 ("get the list of followers"). The address holds the token.</summary>
    [Get("/")]
    Task<HttpResponseMessage> FollowersAsync(
        [Property(OutgoingHttp.Target)] string target,
        [Property(OutgoingHttp.Address)] Uri address,
        CancellationToken cancellationToken
    );
}

/// <summary>Which account wants its token.</summary>
internal sealed record StableTokenOrder(
    [property: JsonPropertyName("appid")] string AppId,
    [property: JsonPropertyName("secret")] string Secret
)
{
    [JsonPropertyName("grant_type")]
    public string GrantType { get; } = "client_credential";

    /// <summary>Never: it would take the token away from whoever has it.</summary>
    [JsonPropertyName("force_refresh")]
    public bool ForcesRefresh { get; }
}

/// <summary>What all of WeChat's answers have; a code of 0, or none, is success.</summary>
internal abstract record WeChatAnswer
{
    [JsonPropertyName("errcode")]
    public int Code { get; init; }

    [JsonPropertyName("errmsg")]
    public string? Message { get; init; }
}

internal sealed record StableTokenAnswer : WeChatAnswer
{
    [JsonPropertyName("access_token")]
    public string? AccessToken { get; init; }

    [JsonPropertyName("expires_in")]
    public int ExpiresIn { get; init; }
}

internal sealed record FollowersAnswer : WeChatAnswer
{
    [JsonPropertyName("total")]
    public int Total { get; init; }

    [JsonPropertyName("data")]
    public FollowersData? Data { get; init; }

    [JsonPropertyName("next_openid")]
    public string? NextOpenId { get; init; }
}

internal sealed record FollowersData([property: JsonPropertyName("openid")] string[]? OpenIds);

[JsonSerializable(typeof(StableTokenOrder))]
[JsonSerializable(typeof(StableTokenAnswer))]
[JsonSerializable(typeof(FollowersAnswer))]
internal sealed partial class WeChatJson : JsonSerializerContext;
