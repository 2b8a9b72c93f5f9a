using System.Globalization;
using System.Text;
using NurtureEngine.Postgres;
using NurtureEngine.Postgres.Touches;
using static NurtureEngine.Host.Development.DevelopmentPage;

namespace NurtureEngine.Host.Development;

/// <summary>Draws the development inbox: lists, groups, and one message as HTML, text and headers.</summary>
internal static class InboxPage
{
    /// <param name="page">The messages.</param>
    /// <param name="title">What they have in common.</param>
    /// <param name="query">What further pages are asked by, such as <c>track=welcome&amp;</c>; empty for all.</param>
    /// <param name="isOlder">Whether there are newer ones than these.</param>
    public static string List(Page<InboxMessage, long> page, string title, string query, bool isOlder)
    {
        var html = Head(title, query.Length == 0 ? "/dev/inbox" : "");
        html.Append(
            CultureInfo.InvariantCulture,
            $"<h1>{Escape(title)}</h1><p class=note>No mail server is configured: e-mails end here and reach nobody.</p>"
        );
        if (page.Items.Count == 0)
        {
            html.Append(
                isOlder
                    ? "<p>There are no older e-mails.</p>"
                    : "<p>Nothing has been sent yet. Fire an event and look again:</p><div class=card><pre>dotnet run --project src/NurtureEngine.Host -- fire --email ann@example.com --to MQL</pre></div>"
            );
            return Foot(html);
        }

        Table(
            html,
            ["Received (UTC)", "To", "Subject"],
            page.Items.Select(message =>
                new[]
                {
                    $"<span class=when>{When(message.ReceivedAt)}</span>",
                    Link($"/dev/leads/{message.LeadId}", message.Recipient),
                    Link($"/dev/inbox/{message.Id}", message.Subject),
                }
            ),
            ""
        );
        if (page.Next is { } next)
        {
            html.Append(
                CultureInfo.InvariantCulture,
                $"<p><a href=\"/dev/inbox?{Escape(query)}before={next}\">Older e-mails</a></p>"
            );
        }

        return Foot(html);
    }

    public static string Groups(
        string title,
        string here,
        string what,
        IEnumerable<InboxGroup> groups,
        Func<InboxGroup, string> address
    )
    {
        var html = Head(title, here);
        html.Append(CultureInfo.InvariantCulture, $"<h1>{title}</h1>");
        Table(
            html,
            [what, "", "E-mails", "Latest (UTC)"],
            groups.Select(group =>
                new[]
                {
                    group.Key.Length == 0 ? Escape(group.Name) : Link(address(group), group.Name),
                    Escape(group.Further),
                    group.Count.ToString(CultureInfo.InvariantCulture),
                    $"<span class=when>{When(group.Latest)}</span>",
                }
            ),
            "Nothing has been sent yet."
        );
        return Foot(html);
    }

    public static string Message(InboxMessage message)
    {
        var html = Head(message.Subject, "");
        html.Append(CultureInfo.InvariantCulture, $"<h1>{Escape(message.Subject)}</h1>");
        html.Append(
            CultureInfo.InvariantCulture,
            $"<p class=note>To {Link($"/dev/leads/{message.LeadId}", message.Recipient)}, {When(message.ReceivedAt)} UTC · <a href=\"/api/dev/inbox/{message.Id}.eml\">download</a></p>"
        );
        html.Append(
            CultureInfo.InvariantCulture,
            $"<h2>HTML</h2><div class=card><iframe sandbox title=\"The e-mail as HTML\" src=\"/dev/inbox/{message.Id}/html\"></iframe></div>"
        );
        html.Append(
            CultureInfo.InvariantCulture,
            $"<h2>Text</h2><div class=card><pre>{Escape(message.Text)}</pre></div>"
        );
        html.Append(
            CultureInfo.InvariantCulture,
            $"<h2>Headers</h2><div class=card><pre>{Escape(HeadersOf(message))}</pre></div>"
        );
        return Foot(html);
    }

    private static string Link(string address, string text) => $"<a href=\"{Escape(address)}\">{Escape(text)}</a>";

    private static string HeadersOf(InboxMessage message)
    {
        var text = Encoding.UTF8.GetString(message.Message ?? []);
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        return end < 0 ? text : text[..end];
    }
}
