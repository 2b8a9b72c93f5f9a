using System.Net;
using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Leads.Consents;
using NurtureEngine.Core.Rulebooks;

namespace NurtureEngine.Core.Contents;

/// <summary>
/// What the law wants in every marketing e-mail, added where the author left it out: a way to unsubscribe and a postal address
/// (CAN-SPAM), and for readers in mainland China the mark of an advertisement at the beginning of the subject (互联网电子邮件服务管理办法,
/// article 13).
/// </summary>
public static class LegalDuties
{
    private const string China = "CN";
    private static readonly string[] ChineseZones =
    [
        "Asia/Shanghai",
        "Asia/Urumqi",
        "Asia/Chongqing",
        "Asia/Harbin",
        "PRC",
    ];
    private static readonly string[] Marks = ["广告:", "广告：", "广告 ", "【广告】", "[广告]", "AD:", "AD：", "[AD]"];

    /// <summary>The e-mail with all of it; one that is no marketing as it is.</summary>
    public static RenderedEmail Apply(
        RenderedEmail email,
        string purpose,
        Lead lead,
        Sender sender,
        string unsubscribeUrl
    )
    {
        if (purpose != Consent.Marketing)
        {
            return email;
        }

        var words = Words.In(email.Language);
        return email with
        {
            Subject = NeedsMark(lead) && !IsMarked(email.Subject) ? $"{words.Mark}{email.Subject}" : email.Subject,
            Html = WithFooter(email.Html, sender, unsubscribeUrl, words),
            Text = email.Text is null ? null : WithTextFooter(email.Text, sender, unsubscribeUrl, words),
        };
    }

    /// <summary>
    /// Whether the reader's law asks for the mark: by country; where none is known, by time zone; where that is not known either, by the
    /// domain of the address.
    /// </summary>
    public static bool NeedsMark(Lead lead) =>
        lead.Fields[Fields.Country] is { Length: > 0 } country
            ? string.Equals(country.Trim(), China, StringComparison.OrdinalIgnoreCase)
        : lead.Fields[Fields.TimeZone] is { Length: > 0 } zone ? ChineseZones.Contains(zone)
        : lead.Email?.TrimEnd().EndsWith(".cn", StringComparison.OrdinalIgnoreCase) == true;

    private static bool IsMarked(string subject) =>
        Marks.Any(mark => subject.StartsWith(mark, StringComparison.Ordinal));

    private static string WithFooter(string html, Sender sender, string url, Words words)
    {
        var isLinked = html.Contains(url, StringComparison.Ordinal);
        var isPosted =
            html.Contains(sender.PostalAddress, StringComparison.Ordinal)
            || html.Contains(WebUtility.HtmlEncode(sender.PostalAddress), StringComparison.Ordinal);
        if (isLinked && isPosted)
        {
            return html;
        }

        var link = isLinked
            ? ""
            : $"<a href=\"{WebUtility.HtmlEncode(url)}\" style=\"color:inherit\">{words.Unsubscribe}</a>";
        var address = isPosted ? "" : WebUtility.HtmlEncode($"{sender.Company}, {sender.PostalAddress}");
        var between = isLinked || isPosted ? "" : "<br>";
        var footer =
            $"<div style=\"max-width:560px;margin:0 auto;padding:12px 24px;font-size:12px;line-height:1.6;color:#5b6673\">{address}{between}{link}</div>";
        var end = html.LastIndexOf("</body>", StringComparison.OrdinalIgnoreCase);
        return end < 0 ? html + footer : html.Insert(end, footer + "\n");
    }

    private static string WithTextFooter(string text, Sender sender, string url, Words words)
    {
        var lines = new List<string>();
        if (!text.Contains(sender.PostalAddress, StringComparison.Ordinal))
        {
            lines.Add($"{sender.Company}, {sender.PostalAddress}");
        }

        if (!text.Contains(url, StringComparison.Ordinal))
        {
            lines.Add($"{words.Unsubscribe}: {url}");
        }

        return lines.Count == 0 ? text : $"{text.TrimEnd()}\n\n{string.Join('\n', lines)}\n";
    }

    private sealed record Words(string Mark, string Unsubscribe)
    {
        private static readonly Words English = new("AD: ", "Unsubscribe");
        private static readonly Words Chinese = new("广告：", "退订");

        public static Words In(string language) =>
            language.StartsWith("zh", StringComparison.OrdinalIgnoreCase) ? Chinese : English;
    }
}
