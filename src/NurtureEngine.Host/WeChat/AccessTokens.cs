using System.Collections.Concurrent;
using System.Text;
using Microsoft.Extensions.Options;
using NurtureEngine.Channels.WeChat;
using NurtureEngine.Core.Intake.WeChat;
using NurtureEngine.Host.Configuration;
using NurtureEngine.Host.Identity.Keys;
using NurtureEngine.Postgres.WeChat;

namespace NurtureEngine.Host.WeChat;

/// <summary>
/// The access tokens of the official accounts: one for all hosts, renewed before it ends. It is never taken away from whoever has it
/// (<c>force_refresh</c>).
/// </summary>
internal sealed partial class AccessTokens(
    AccessTokenStore store,
    KeyWrapping wrapping,
    WeChatClient client,
    IOptions<NurtureOptions> options,
    TimeProvider machineTime,
    ILogger<AccessTokens> logger
)
{
    // In the last five minutes WeChat gives a new token, and both are good: hosts renew at different moments of the first of them.
    private static readonly TimeSpan RenewAt = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Spread = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, Known> _known = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _fetching = new(StringComparer.Ordinal);
#pragma warning disable CA5394 // Nobody gains by guessing it.
    private readonly TimeSpan _margin = RenewAt - (Random.Shared.NextDouble() * Spread);
#pragma warning restore CA5394

    /// <summary>The token of an account; null while there is none, for the reason that the health page shows.</summary>
    /// <param name="account">The configured name.</param>
    /// <param name="refused">The generation of the token that was refused, to get another one; 0 for none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<AccessToken?> FindAsync(string account, int refused, CancellationToken cancellationToken)
    {
        if (Remembered(account, refused) is { } remembered)
        {
            return remembered;
        }

        // One after the other: the second finds what the first has fetched.
        var fetching = _fetching.GetOrAdd(account, _ => new SemaphoreSlim(1));
        await fetching.WaitAsync(cancellationToken);
        try
        {
            return Remembered(account, refused) ?? await FetchAsync(account, refused, cancellationToken);
        }
        finally
        {
            fetching.Release();
        }
    }

    /// <summary>
    /// Calls the platform with the account's token, and once more with another one if that was refused. Null while there is none.
    /// </summary>
    /// <param name="account">The configured name.</param>
    /// <param name="call">The call.</param>
    /// <param name="faultOf">Why the platform did not take it; null if it did.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<TAnswer?> CallAsync<TAnswer>(
        string account,
        Func<AccessToken, Task<TAnswer>> call,
        Func<TAnswer, WeChatFault?> faultOf,
        CancellationToken cancellationToken
    )
        where TAnswer : class
    {
        if (await FindAsync(account, refused: 0, cancellationToken) is not { } token)
        {
            return null;
        }

        var answer = await call(token);
        if (
            faultOf(answer) is not { IsOfToken: true }
            || await FindAsync(account, token.Generation, cancellationToken) is not { } other
        )
        {
            return answer;
        }

        answer = await call(other);
        if (faultOf(answer) is { IsOfToken: true } fault)
        {
            // A token that was just fetched is refused: the configuration is wrong.
            await store.FailAsync(IdOf(account), fault.Text, cancellationToken);
        }

        return answer;
    }

    private AccessToken? Remembered(string account, int refused) =>
        _known.TryGetValue(account, out var known)
        && known.Token.Generation > refused
        && known.Left - machineTime.GetElapsedTime(known.ReadAt) > _margin
            ? known.Token
            : null;

    private async Task<AccessToken?> FetchAsync(string account, int refused, CancellationToken cancellationToken)
    {
        var settings = options.Value.WeChat.Accounts[account];
        var id = WeChatEvent.SourceOf(settings.AppId);
        var before = await store.ReadAsync(id, cancellationToken);
        var stored =
            before is not null && IsGood(before)
                ? before
                : await store.FetchAsync(id, IsGood, AskAsync, cancellationToken);
        if (stored.Fault is { } fault && WithoutRequest(fault) != WithoutRequest(before?.Fault))
        {
            LogFault(account, fault);
        }

        // A token is used until it expires, also where the renewal failed.
        if (stored.Generation <= refused || stored.SecondsLeft <= 0 || TokenOf(stored) is not { } token)
        {
            return null;
        }

        var read = new AccessToken(token, stored.Generation);
        _known[account] = new Known(read, TimeSpan.FromSeconds(stored.SecondsLeft), machineTime.GetTimestamp());
        return read;

        bool IsGood(StoredToken known) =>
            known.Generation > refused && known.SecondsLeft > _margin.TotalSeconds && TokenOf(known) is not null;

        async Task<FetchedToken> AskAsync(CancellationToken token)
        {
            var answer = await client.FetchTokenAsync(
                new Uri(options.Value.WeChat.ApiUrl),
                id,
                settings.AppId,
                settings.AppSecret,
                token
            );
            return new FetchedToken(
                answer.Token is { } fetched ? wrapping.Wrap(Encoding.UTF8.GetBytes(fetched)) : null,
                answer.Lifetime,
                answer.Fault
            );
        }
    }

    private string IdOf(string account) => WeChatEvent.SourceOf(options.Value.WeChat.Accounts[account].AppId);

    // WeChat's message ends with the id of the request, which is new each time.
    private static string? WithoutRequest(string? fault) => fault?.Split(" rid:")[0];

    // A token that was encrypted by another secret is fetched again.
    private string? TokenOf(StoredToken stored) =>
        stored.Key is { } key && wrapping.TryUnwrap(key) is { } token ? Encoding.UTF8.GetString(token) : null;

    [LoggerMessage(
        EventId = 3010,
        Level = LogLevel.Error,
        Message = "WeChat gives no token for the account {Account}: {Fault}"
    )]
    private partial void LogFault(string account, string fault);

    private sealed record Known(AccessToken Token, TimeSpan Left, long ReadAt);
}

/// <summary>A token by which WeChat knows the account.</summary>
/// <param name="Value">The token, a secret.</param>
/// <param name="Generation">Which of the account's tokens it is.</param>
internal sealed record AccessToken(string Value, int Generation)
{
    /// <summary>Without the secret.</summary>
    public override string ToString() => $"token {Generation}";
}
