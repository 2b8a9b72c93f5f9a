namespace NurtureEngine.Scriban.Parsing;

/// <summary>Cuts a template into text and code blocks, and applies whitespace control to the text between them.</summary>
internal static class BlockSplitter
{
    /// <summary>A run of text, or the inside of one <c>{{ … }}</c>, which begins at <paramref name="At"/>.</summary>
    internal readonly record struct Block(bool IsCode, int At, string Value);

    public static List<Block> Split(SourceText source, ICollection<ScribanFault> faults)
    {
        var text = source.Value;
        var blocks = new List<Block>();
        var position = 0;
        var trimNext = ' ';

        while (position < text.Length)
        {
            var open = text.IndexOf("{{", position, StringComparison.Ordinal);
            var end = open < 0 ? text.Length : open;
            var before = Trimmed(text[position..end], trimNext, atStart: true);
            if (open < 0)
            {
                Add(blocks, position, before);
                break;
            }

            var inside = open + 2;
            var close = FindClose(text, inside);
            if (close < 0)
            {
                faults.Add(source.FaultAt(open, "'{{' has no matching '}}'."));
                break;
            }

            var leading = Marker(text, inside, close);
            var trailing = close - 1 > inside && text[close - 1] is '-' or '~' ? text[close - 1] : ' ';
            Add(blocks, position, Trimmed(before, leading, atStart: false));
            var from = leading == ' ' ? inside : inside + 1;
            var to = trailing == ' ' ? close : close - 1;
            blocks.Add(new Block(IsCode: true, from, from < to ? text[from..to] : ""));
            trimNext = trailing;
            position = close + 2;
        }

        return blocks;
    }

    private static char Marker(string text, int inside, int close) =>
        inside < close && text[inside] is '-' or '~' ? text[inside] : ' ';

    private static void Add(List<Block> blocks, int at, string value)
    {
        if (value.Length > 0)
        {
            blocks.Add(new Block(IsCode: false, at, value));
        }
    }

    // The first '}}' outside a string: "{{ '}}' }}" is one block.
    private static int FindClose(string text, int from)
    {
        var quote = '\0';
        for (var i = from; i < text.Length; i++)
        {
            var c = text[i];
            if (quote != '\0')
            {
                if (c == '\\')
                {
                    i++;
                }
                else if (c == quote)
                {
                    quote = '\0';
                }
            }
            else if (c is '"' or '\'')
            {
                quote = c;
            }
            else if (c == '}' && i + 1 < text.Length && text[i + 1] == '}')
            {
                return i;
            }
        }

        return -1;
    }

    // '-' takes all white space; '~' takes the blanks and, behind a block, one line break.
    private static string Trimmed(string text, char marker, bool atStart) =>
        (marker, atStart) switch
        {
            ('-', true) => text.TrimStart(),
            ('-', false) => text.TrimEnd(),
            ('~', true) => WithoutFirstBreak(text.TrimStart(' ', '\t')),
            ('~', false) => text.TrimEnd(' ', '\t'),
            _ => text,
        };

    private static string WithoutFirstBreak(string text) =>
        text.StartsWith("\r\n", StringComparison.Ordinal) ? text[2..]
        : text.StartsWith('\n') ? text[1..]
        : text;
}
