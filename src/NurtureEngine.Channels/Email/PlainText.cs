using System.Text;
using MimeKit.Text;

namespace NurtureEngine.Channels.Email;

/// <summary>
/// Derives the plain text of an e-mail from its HTML, for content that brings none. It reads tags as they come and builds no document: every e-mail that
/// leaves goes through it.
/// </summary>
public static class PlainText
{
    private static readonly HashSet<string> Silent = new(StringComparer.OrdinalIgnoreCase)
    {
        "head",
        "noscript",
        "style",
        "script",
        "title",
        "template",
    };

    // Those with a blank line before and behind them.
    private static readonly HashSet<HtmlTagId> Blocks =
    [
        HtmlTagId.P,
        HtmlTagId.Div,
        HtmlTagId.Table,
        HtmlTagId.UL,
        HtmlTagId.OL,
        HtmlTagId.H1,
        HtmlTagId.H2,
        HtmlTagId.H3,
        HtmlTagId.H4,
        HtmlTagId.H5,
        HtmlTagId.H6,
        HtmlTagId.BlockQuote,
        HtmlTagId.Section,
        HtmlTagId.Article,
        HtmlTagId.Header,
        HtmlTagId.Footer,
        HtmlTagId.HR,
        HtmlTagId.Pre,
    ];

    // Deeper than any mail; what is deeper still is not followed.
    private const int MostOpen = 256;

    /// <summary>The visible words, paragraphs kept apart, each link followed by its address.</summary>
    public static string FromHtml(string html)
    {
        var reading = new Reading();
        var tokens = new HtmlTokenizer(new StringReader(html)) { IgnoreTruncatedTags = true };
        while (tokens.ReadNextToken(out var token))
        {
            reading.Take(token);
        }

        return reading.Finish();
    }

    private sealed class Reading
    {
        // The elements that are open in one whose content is not read, that one first; empty where all is read.
        private readonly List<string> _unread = [];

        // Where the link that is open leads, and where its words begin.
        private (string Target, int From)? _link;

        private Lines Text { get; } = new();

        // A link that is never closed ends with the text.
        public string Finish()
        {
            Close(HtmlTagId.A);
            return Text.Finish();
        }

        public void Take(HtmlToken token)
        {
            switch (token)
            {
                case HtmlTagToken tag when _unread.Count > 0 && StaysUnread(tag):
                    break;
                case HtmlTagToken { IsEndTag: true } tag:
                    Close(tag.Id);
                    break;
                case HtmlTagToken tag:
                    Open(tag);
                    break;
                case HtmlCDataToken:
                    break;
                case HtmlDataToken words when _unread.Count == 0:
                    Text.Append(words.Data);
                    break;
            }
        }

        // Follows the elements inside, so that an end tag that was left out ends no more, and no less, than it does in a browser.
        private bool StaysUnread(HtmlTagToken tag)
        {
            if (!tag.IsEndTag)
            {
                while (_unread.Count > 0 && OptionalEnds.EndedBy(_unread[^1], tag))
                {
                    _unread.RemoveAt(_unread.Count - 1);
                }

                if (_unread.Count == 0)
                {
                    return false;
                }

                if (!tag.Id.IsEmptyElement() && _unread.Count < MostOpen)
                {
                    _unread.Add(tag.Name);
                }

                return true;
            }

            var at = _unread.FindLastIndex(name => name.Equals(tag.Name, StringComparison.OrdinalIgnoreCase));
            if (at >= 0)
            {
                _unread.RemoveRange(at, _unread.Count - at);
                return true;
            }

            // The end of something around it ends what needs no end tag of its own.
            if (OptionalEnds.Has(_unread[0]))
            {
                _unread.Clear();
                return false;
            }

            return true;
        }

        private void Open(HtmlTagToken tag)
        {
            if (Silent.Contains(tag.Name) || IsHidden(tag))
            {
                if (!tag.Id.IsEmptyElement())
                {
                    _unread.Add(tag.Name);
                }

                return;
            }

            Text.Break(BreaksAround(tag.Id, isStart: true));
            switch (tag.Id)
            {
                case HtmlTagId.Br:
                    Text.Break(1);
                    break;
                case HtmlTagId.LI:
                    Text.Append("- ");
                    break;
                case HtmlTagId.Image:
                    Text.Append(ValueOf(tag, HtmlAttributeId.Alt) ?? "");
                    break;
                case HtmlTagId.A:
                    Close(HtmlTagId.A);
                    _link = ValueOf(tag, HtmlAttributeId.Href) is { Length: > 0 } target ? (target, Text.Length) : null;
                    break;
            }
        }

        private void Close(HtmlTagId tag)
        {
            if (tag == HtmlTagId.A && _link is var (target, from))
            {
                _link = null;
                if (Text.Since(from) != target)
                {
                    Text.Append($" ({target})");
                }
            }

            Text.Break(BreaksAround(tag, isStart: false));
        }

        private static int BreaksAround(HtmlTagId tag, bool isStart) =>
            tag is HtmlTagId.LI or HtmlTagId.TR ? (isStart ? 1 : 0)
            : Blocks.Contains(tag) ? 2
            : 0;

        // The preheader is hidden text for the list of mails; in the plain text it would be said twice.
        private static bool IsHidden(HtmlTagToken tag) =>
            tag.Attributes.Any(attribute => attribute.Name.Equals("hidden", StringComparison.OrdinalIgnoreCase))
            || (
                ValueOf(tag, HtmlAttributeId.Style) is { } style
                && style
                    .Replace(" ", "", StringComparison.Ordinal)
                    .Contains("display:none", StringComparison.OrdinalIgnoreCase)
            );

        private static string? ValueOf(HtmlTagToken tag, HtmlAttributeId id) =>
            tag.Attributes.FirstOrDefault(attribute => attribute.Id == id)?.Value;
    }

    /// <summary>Words in lines: runs of blanks are one, and so are runs of empty lines.</summary>
    private sealed class Lines
    {
        private readonly StringBuilder _text = new();
        private int _breaks;
        private bool _isBlankDue;

        public int Length => _text.Length;

        public void Break(int lines) => _breaks += lines;

        public void Append(string words)
        {
            foreach (var c in words)
            {
                if (c is ' ' or '\n' or '\r' or '\t' or '\u00a0')
                {
                    _isBlankDue = true;
                    continue;
                }

                if (_text.Length > 0)
                {
                    _text.Append(
                        _breaks > 1 ? "\n\n"
                        : _breaks == 1 ? "\n"
                        : _isBlankDue ? " "
                        : ""
                    );
                }

                (_breaks, _isBlankDue) = (0, false);
                _text.Append(c);
            }
        }

        public string Since(int from) => _text.ToString(from, _text.Length - from).Trim();

        public string Finish() => _text.Append('\n').ToString();
    }
}
