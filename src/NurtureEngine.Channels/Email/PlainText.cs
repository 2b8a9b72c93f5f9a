using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;

namespace NurtureEngine.Channels.Email;

/// <summary>Derives the plain text of an e-mail from its HTML, for content that brings none.</summary>
public static class PlainText
{
    // A parser costs as much as what it parses, and is no use to two at a time.
    private static readonly ThreadLocal<HtmlParser> Parser = new(() => new HtmlParser());

    private static readonly HashSet<string> Silent = new(StringComparer.Ordinal)
    {
        "head",
        "style",
        "script",
        "title",
        "template",
    };

    private static readonly HashSet<string> Blocks = new(StringComparer.Ordinal)
    {
        "p",
        "div",
        "table",
        "tr",
        "ul",
        "ol",
        "li",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "blockquote",
        "section",
        "article",
        "header",
        "footer",
        "hr",
        "pre",
    };

    /// <summary>The visible words, paragraphs kept apart, each link followed by its address.</summary>
    public static string FromHtml(string html)
    {
        using var document = Parser.Value!.ParseDocument(html);
        var text = new StringBuilder();
        Append(document.Body ?? document.DocumentElement, text);
        var lines = text.ToString()
            .Split('\n')
            .Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        return string.Join('\n', WithoutRunsOfBlanks(lines)).Trim() + "\n";
    }

    private static void Append(INode node, StringBuilder text)
    {
        foreach (var child in node.ChildNodes)
        {
            switch (child)
            {
                case IText words:
                    text.Append(
                        words.Data.Replace('\n', ' ').Replace('\r', ' ').Replace('\t', ' ').Replace('\u00a0', ' ')
                    );
                    break;
                case IElement element when !Silent.Contains(element.LocalName) && !IsHidden(element):
                    AppendElement(element, text);
                    break;
            }
        }
    }

    private static void AppendElement(IElement element, StringBuilder text)
    {
        var isBlock = Blocks.Contains(element.LocalName);
        text.Append(
            isBlock
                ? element.LocalName is "li" or "tr"
                    ? "\n"
                    : "\n\n"
                : ""
        );
        switch (element.LocalName)
        {
            case "br":
                text.Append('\n');
                break;
            case "li":
                text.Append("- ");
                break;
            case "img":
                text.Append(element.GetAttribute("alt"));
                break;
        }

        Append(element, text);
        if (
            element.LocalName == "a"
            && element.GetAttribute("href") is { Length: > 0 } address
            && address != element.TextContent.Trim()
        )
        {
            text.Append(" (").Append(address).Append(')');
        }

        text.Append(
            isBlock
                ? element.LocalName is "li" or "tr"
                    ? ""
                    : "\n\n"
                : ""
        );
    }

    // The preheader is hidden text for the list of mails; in the plain text it would be said twice.
    private static bool IsHidden(IElement element) =>
        element.HasAttribute("hidden")
        || (element.GetAttribute("style") ?? "")
            .Replace(" ", "", StringComparison.Ordinal)
            .Contains("display:none", StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<string> WithoutRunsOfBlanks(IEnumerable<string> lines)
    {
        var wasBlank = false;
        foreach (var line in lines)
        {
            if (line.Length > 0 || !wasBlank)
            {
                yield return line;
            }

            wasBlank = line.Length == 0;
        }
    }
}
