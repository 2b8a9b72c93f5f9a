using System.Net;
using System.Text.RegularExpressions;
using NurtureEngine.Core.Contents;
using NurtureEngine.Core.Touches;

namespace NurtureEngine.Channels.Email;

/// <summary>
/// Leads the links of an e-mail over the engine, so that clicks are known, and adds the picture by which openings are. Where a link
/// leads is kept with the message and never stands in the address.
/// </summary>
public static partial class LinkTracking
{
    // As many as an ordinal of two bytes numbers, and far more than any e-mail has.
    private const int MaxLinks = 1000;

    /// <summary>The e-mail with its links replaced, and where they lead, by ordinal.</summary>
    public static (RenderedEmail Email, string[] Targets) Apply(
        RenderedEmail email,
        TouchId touch,
        MessageLinks links,
        bool clicks,
        bool opens
    )
    {
        var targets = new List<string>();
        var html = email.Html;
        var text = email.Text;
        if (clicks)
        {
            html = Href()
                .Replace(
                    html,
                    match => $"{match.Groups[1].Value}\"{Over(WebUtility.HtmlDecode(match.Groups[2].Value))}\""
                );
            text = text is null ? null : Address().Replace(text, match => Over(match.Value));
        }

        if (opens)
        {
            var picture = $"<img src=\"{links.Open(touch)}\" width=\"1\" height=\"1\" alt=\"\">";
            var end = html.LastIndexOf("</body>", StringComparison.OrdinalIgnoreCase);
            html = end < 0 ? html + picture : html.Insert(end, picture);
        }

        return (email with { Html = html, Text = text }, [.. targets]);

        string Over(string target)
        {
            if (
                !Uri.TryCreate(target, UriKind.Absolute, out var uri)
                || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps)
                || links.IsUnsubscribe(target)
            )
            {
                return WebUtility.HtmlEncode(target);
            }

            var ordinal = targets.IndexOf(uri.AbsoluteUri);
            if (ordinal < 0)
            {
                if (targets.Count == MaxLinks)
                {
                    return WebUtility.HtmlEncode(target);
                }

                ordinal = targets.Count;
                targets.Add(uri.AbsoluteUri);
            }

            return links.Click(touch, ordinal);
        }
    }

    // An <a> and its attributes up to a quoted href; a value between quotes may hold anything.
    [GeneratedRegex(
        """(<a\b(?:\s+[^\s"'>=/]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+))?)*?\s+href\s*=\s*)(?:"([^"]*)"|'(?<2>[^']*)')""",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex Href();

    [GeneratedRegex("""https?://[^\s<>"']+[^\s<>"'.,;:!?)\]，。；：！？）】]""")]
    private static partial Regex Address();
}
