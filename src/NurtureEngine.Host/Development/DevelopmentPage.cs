using System.Globalization;
using System.Net;
using System.Text;
using NurtureEngine.Core.Diagnostics;

namespace NurtureEngine.Host.Development;

/// <summary>What the pages for looking around have in common.</summary>
internal static class DevelopmentPage
{
    private static readonly string Style = ReadStyle();

    /// <summary>Begins a page; <paramref name="here"/> is the address of the entry above it that is shown as chosen.</summary>
    public static StringBuilder Head(string title, string here)
    {
        var html = new StringBuilder(
            "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content=\"width=device-width,initial-scale=1\">"
        ).Append(CultureInfo.InvariantCulture, $"<title>{Escape(title)}</title><style>{Style}</style><nav>");
        foreach (
            var (address, name) in new[]
            {
                ("/dev/inbox", "Newest"),
                ("/dev/inbox/tracks", "By track"),
                ("/dev/inbox/leads", "By lead"),
            }
        )
        {
            html.Append(
                CultureInfo.InvariantCulture,
                $"<a href=\"{address}\"{(address == here ? " aria-current=page" : "")}>{name}</a>"
            );
        }

        return html.Append("</nav><main>");
    }

    public static string Foot(StringBuilder html) => html.Append("</main></html>").ToString();

    public static string When(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    /// <summary>An instant in a cell; empty where there is none.</summary>
    public static string Time(DateTimeOffset? at) => at is { } known ? $"<span class=when>{When(known)}</span>" : "";

    /// <summary>A code in a cell, with what it means; empty where there is none.</summary>
    public static string Why(string? code, string? argument) =>
        code is null ? "" : $"{Escape(CodeSentences.Of(code, argument).English)} <code>{Escape(code)}</code>";

    public static string Escape(string? text) => WebUtility.HtmlEncode(text ?? "");

    /// <summary>A table in a card; each row is HTML of its own making, so that whoever calls escapes.</summary>
    public static void Table(StringBuilder html, string[] headings, IEnumerable<string[]> rows, string empty)
    {
        var lines = rows.ToList();
        if (lines.Count == 0)
        {
            html.Append(CultureInfo.InvariantCulture, $"<p class=note>{empty}</p>");
            return;
        }

        html.Append("<div class=card><table><thead><tr>");
        foreach (var heading in headings)
        {
            html.Append("<th>").Append(heading);
        }

        html.Append("</tr></thead><tbody>");
        foreach (var cells in lines)
        {
            html.Append("<tr>");
            foreach (var (heading, cell) in headings.Zip(cells))
            {
                // Told again at each cell: narrow screens have no room for a row of headings.
                html.Append(CultureInfo.InvariantCulture, $"<td data-heading=\"{heading}\">")
                    .Append(cell)
                    .Append("</td>");
            }

            html.Append("</tr>");
        }

        html.Append("</tbody></table></div>");
    }

    private static string ReadStyle()
    {
        using var reader = new StreamReader(
            typeof(DevelopmentPage).Assembly.GetManifestResourceStream("NurtureEngine.Host.Development.inbox.css")!,
            Encoding.UTF8
        );
        return reader.ReadToEnd();
    }
}
