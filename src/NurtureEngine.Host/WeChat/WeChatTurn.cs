using Microsoft.Extensions.Options;
using NurtureEngine.Host.Configuration;
using NurtureEngine.Host.Scheduling;

namespace NurtureEngine.Host.WeChat;

/// <summary>
/// Keeps the tokens of the official accounts fresh, so that a message never waits for one and a fault shows before there is one to send, and reads who
/// follows them already.
/// </summary>
internal sealed class WeChatTurn(AccessTokens tokens, FollowerImporter followers, IOptions<NurtureOptions> options)
    : ITurn
{
    public string Name => "wechat";

    public async Task<bool> RunTurnAsync(CancellationToken cancellationToken)
    {
        var hasMore = false;
        foreach (var account in options.Value.WeChat.Accounts.Keys)
        {
            hasMore |=
                await tokens.FindAsync(account, refused: 0, cancellationToken) is not null
                && await followers.ReadPageAsync(account, cancellationToken);
        }

        return hasMore;
    }
}
