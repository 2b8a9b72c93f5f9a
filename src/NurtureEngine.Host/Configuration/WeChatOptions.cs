using System.Text.RegularExpressions;
using NurtureEngine.Core.Intake.WeChat;

namespace NurtureEngine.Host.Configuration;

/// <summary>The official accounts of WeChat's that are connected.</summary>
internal sealed partial class WeChatOptions
{
    private const string Section = "Nurture:WeChat:Accounts";

    /// <summary>Where the API is; another one than the platform's own is for tests.</summary>
    public string ApiUrl { get; set; } = "https://api.weixin.qq.com";

    /// <summary>By the name in the address to which the platform pushes.</summary>
    public Dictionary<string, WeChatAccountOptions> Accounts { get; set; } = new(StringComparer.Ordinal);

    /// <summary>What is wrong; no secret is repeated.</summary>
    public IEnumerable<string> Faults()
    {
        if (
            !Uri.TryCreate(ApiUrl, UriKind.Absolute, out var api)
            || !(api.Scheme == Uri.UriSchemeHttps || (api.Scheme == Uri.UriSchemeHttp && api.IsLoopback))
        )
        {
            yield return "Nurture:WeChat:ApiUrl is not a valid address; expected https://api.weixin.qq.com, or another one with https (http on this machine only).";
        }

        foreach (var (name, account) in Accounts)
        {
            var at = $"{Section}:{name}";
            if (!AccountName().IsMatch(name))
            {
                yield return $"{Section} '{name}' is not a valid name; expected lower-case letters, digits and hyphens.";
            }

            if (!AppId().IsMatch(account.AppId))
            {
                yield return $"{at}:AppId is not the id of an official account; expected 'wx' and 16 letters and digits.";
            }

            if (!Secret().IsMatch(account.AppSecret))
            {
                yield return $"{at}:AppSecret is not valid; expected the letters and digits that the platform shows once.";
            }

            if (!Token().IsMatch(account.Token))
            {
                yield return $"{at}:Token is not valid; expected the 3 to 32 letters and digits that the platform was given.";
            }

            if (account.Mode is not (WeChatMode.Plain or WeChatMode.Compatible or WeChatMode.Secure))
            {
                yield return $"{at}:Mode '{account.Mode}' is not known; expected 'secure', 'compatible' or 'plain', as the platform is set.";
            }

            var needsKey = account.Mode != WeChatMode.Plain || account.EncodingAesKey.Length > 0;
            if (needsKey && WeChatCipher.KeyOf(account.EncodingAesKey) is null)
            {
                yield return $"{at}:EncodingAesKey is not valid; expected the 43 characters that the platform shows.";
            }
        }

        foreach (var same in Accounts.GroupBy(account => account.Value.AppId).Where(group => group.Count() > 1))
        {
            yield return $"{Section}:{{{string.Join(", ", same.Select(account => account.Key))}}} have the same AppId; expected one name for each account.";
        }
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,62}$")]
    private static partial Regex AccountName();

    [GeneratedRegex(@"^wx[0-9A-Za-z]{16}\z")]
    private static partial Regex AppId();

    [GeneratedRegex(@"^[0-9A-Za-z]{16,128}\z")]
    private static partial Regex Secret();

    [GeneratedRegex(@"^[0-9A-Za-z]{3,32}\z")]
    private static partial Regex Token();
}

/// <summary>An official account.</summary>
internal sealed class WeChatAccountOptions
{
    /// <summary>The account's id.</summary>
    public string AppId { get; set; } = "";

    /// <summary>The secret by which the engine gets its access tokens.</summary>
    public string AppSecret { get; set; } = "";

    /// <summary>The token by which pushes are signed.</summary>
    public string Token { get; set; } = "";

    /// <summary>The key by which pushes are encrypted, 43 characters; not needed in plain mode.</summary>
    public string EncodingAesKey { get; set; } = "";

    /// <summary>How the platform was told to push, one of <see cref="WeChatMode" />; a push of another kind is refused.</summary>
    public string Mode { get; set; } = WeChatMode.Secure;
}

/// <summary>How an account's pushes come (WeChat, "message encryption").</summary>
internal static class WeChatMode
{
    /// <summary>Readable.</summary>
    public const string Plain = "plain";

    /// <summary>Both ways at once; only what is encrypted is read.</summary>
    public const string Compatible = "compatible";

    /// <summary>Encrypted.</summary>
    public const string Secure = "secure";
}
