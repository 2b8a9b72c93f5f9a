using Microsoft.Extensions.Options;
using NurtureEngine.Host.Configuration;
using NurtureEngine.Host.Scheduling;

namespace NurtureEngine.Host.WeChat;

/// <summary>Keeps the tokens of the official accounts fresh, so that a message never waits for one and a fault shows before there is one to send.</summary>
internal sealed class WeChatTurn(AccessTokens tokens, IOptions<NurtureOptions> options) : ITurn
{
    public string Name => "wechat";

    public async Task<bool> RunTurnAsync(CancellationToken cancellationToken)
    {
        foreach (var account in options.Value.WeChat.Accounts.Keys)
        {
            await tokens.FindAsync(account, refused: 0, cancellationToken);
        }

        return false;
    }
}
