using System.Globalization;
using System.Net;
using System.Text;
using NurtureEngine.Postgres;
using NurtureEngine.Postgres.Touches;

namespace NurtureEngine.Host.Development;

/// <summary>Draws the development inbox: a list, and one message as HTML, text and headers.</summary>
internal static class InboxPage
{
    private static readonly string Style = ReadStyle();

    public static string List(Page<InboxMessage, long> page, bool isOlder)
    {
        var html = Head("Development inbox");
        html.Append(
            "<h1>Development inbox</h1><p class=note>No mail server is configured: e-mails end here and reach nobody.</p>"
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

        html.Append("<div class=card><table><thead><tr><th>Received (UTC)<th>To<th>Subject</tr></thead><tbody>");
        foreach (var message in page.Items)
        {
            html.Append(
                CultureInfo.InvariantCulture,
                $"<tr><td class=when>{When(message)}<td>{Escape(message.Recipient)}<td><a href=\"/dev/inbox/{message.Id}\">{Escape(message.Subject)}</a></tr>"
            );
        }

        html.Append("</tbody></table></div>");
        if (page.Next is { } next)
        {
            html.Append(CultureInfo.InvariantCulture, $"<p><a href=\"/dev/inbox?before={next}\">Older e-mails</a></p>");
        }

        return Foot(html);
    }

    public static string Message(InboxMessage message)
    {
        var html = Head(message.Subject);
        html.Append(
            CultureInfo.InvariantCulture,
            $"<p><a href=\"/dev/inbox\">Development inbox</a></p><h1>{Escape(message.Subject)}</h1>"
        );
        html.Append(
            CultureInfo.InvariantCulture,
            $"<p class=note>To {Escape(message.Recipient)}, {When(message)} UTC · <a href=\"/api/dev/inbox/{message.Id}.eml\">download</a></p>"
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

    private static string HeadersOf(InboxMessage message)
    {
        var text = Encoding.UTF8.GetString(message.Message ?? []);
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        return end < 0 ? text : text[..end];
    }

    private static StringBuilder Head(string title) =>
        new StringBuilder(
            "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content=\"width=device-width,initial-scale=1\">"
        ).Append(CultureInfo.InvariantCulture, $"<title>{Escape(title)}</title><style>{Style}</style><main>");

    private static string Foot(StringBuilder html) => html.Append("</main></html>").ToString();

    private static string When(InboxMessage message) =>
        message.ReceivedAt.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private static string Escape(string? text) => WebUtility.HtmlEncode(text ?? "");

    private static string ReadStyle()
    {
        using var reader = new StreamReader(
            typeof(InboxPage).Assembly.GetManifestResourceStream("NurtureEngine.Host.Development.inbox.css")!,
            Encoding.UTF8
        );
        return reader.ReadToEnd();
    }
}
