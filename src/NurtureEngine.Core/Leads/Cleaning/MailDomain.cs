using System.Collections.Frozen;

namespace NurtureEngine.Core.Leads.Cleaning;

/// <summary>Domains by which companies are known, as against those where anybody may have an address.</summary>
public static class MailDomain
{
    private static readonly FrozenSet<string> Free = """
        126.com 139.com 163.com 189.cn 21cn.com aliyun.com aol.com duck.com fastmail.com foxmail.com free.fr
        gmail.com gmx.at gmx.ch gmx.com gmx.de gmx.net googlemail.com hey.com hotmail.co.uk hotmail.com
        hotmail.fr icloud.com laposte.net libero.it live.cn live.com mac.com mail.com mail.ru me.com msn.com
        naver.com orange.fr outlook.com pm.me proton.me protonmail.com qq.com rediffmail.com rocketmail.com
        sina.cn sina.com sohu.com t-online.de tom.com tutanota.com vip.163.com vip.qq.com vip.sina.com
        wanadoo.fr web.de wo.cn yahoo.co.jp yahoo.co.uk yahoo.com yahoo.de yahoo.fr yandex.com yandex.ru
        yeah.net zoho.com
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>
    /// The company's own domain in an address, a web address or a bare domain, in A-labels and lower case without <c>www.</c>; null where there is
    /// none, or it is one where anybody may have a mailbox.
    /// </summary>
    public static string? Own(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        var place = text.Trim();
        place = place[(place.LastIndexOf('@') + 1)..];
        place = place.Split("://") is [_, var behind] ? behind : place;
        var host = DomainName.ToAscii(place.Split('/', '?', ':')[0]) ?? "";
        host = host.StartsWith("www.", StringComparison.Ordinal) ? host[4..] : host;
        return
            host.Contains('.', StringComparison.Ordinal)
            && host.Length <= 200
            && Uri.CheckHostName(host) == UriHostNameType.Dns
            && !Free.Contains(host)
            ? host
            : null;
    }
}
