namespace NurtureEngine.Scriban.Parsing;

/// <summary>Cuts a template into text, escape and code blocks, and applies whitespace control to the text between them.</summary>
internal sealed class BlockSplitter(SourceText source, ICollection<ScribanFault> faults)
{
    private readonly List<Block> _blocks = [];
    private readonly string _text = source.Value;

    /// <summary>
    /// A run of text, or the inside of one <c>{{ … }}</c>, which begins at <paramref name="At"/>. The indent is the white space
    /// before a block that stands first in its line; lines that the block prints get it too.
    /// </summary>
    internal readonly record struct Block(bool IsCode, int At, string Value, string Indent = "");

    public List<Block> Split()
    {
        var position = 0;
        var trim = ' ';
        while (position < _text.Length)
        {
            var open = FindOpen(position, out var percents);
            var until = open < 0 ? _text.Length : open;
            var before = TrimmedStart(_text[position..until], trim);
            if (open < 0)
            {
                AddText(position, before);
                break;
            }

            var inside = open + 2 + percents;
            var isTrimmed = inside < _text.Length && _text[inside] is '-' or '~';
            AddText(position, isTrimmed ? TrimmedEnd(before, _text[inside]) : before);
            var from = isTrimmed ? inside + 1 : inside;
            var closer = percents == 0 ? "}}" : "}" + new string('%', percents) + "}";
            var close = percents == 0 ? FindClose(from) : _text.IndexOf(closer, from, StringComparison.Ordinal);
            if (close < 0)
            {
                faults.Add(source.FaultAt(open, $"'{_text[open..inside]}' has no matching '{closer}'."));
                break;
            }

            var to = close > from && _text[close - 1] is '-' or '~' ? close - 1 : close;
            trim = to == close ? ' ' : _text[to];
            var indent = percents == 0 && !isTrimmed ? IndentOf(position, open, before) : "";
            _blocks.Add(new Block(percents == 0, from, _text[from..to], indent));
            position = close + closer.Length;
        }

        return _blocks;
    }

    // The blanks that begin the line of a block; none where they were stripped, or something else stands before them.
    private string IndentOf(int position, int open, string before)
    {
        var from = open;
        while (from > position && _text[from - 1] is ' ' or '\t')
        {
            from--;
        }

        var isFirst = from == 0 || (from > position && _text[from - 1] == '\n');
        return isFirst && before.EndsWith(_text[from..open], StringComparison.Ordinal) ? _text[from..open] : "";
    }

    private void AddText(int at, string value)
    {
        if (value.Length > 0)
        {
            _blocks.Add(new Block(IsCode: false, at, value));
        }
    }

    // "{{" opens code; "{%{", with as many percent signs as wanted, opens an escape block.
    private int FindOpen(int from, out int percents)
    {
        percents = 0;
        for (var i = _text.IndexOf('{', from); i >= 0 && i + 1 < _text.Length; i = _text.IndexOf('{', i + 1))
        {
            var next = i + 1;
            while (next < _text.Length && _text[next] == '%')
            {
                next++;
            }

            if (next < _text.Length && _text[next] == '{')
            {
                percents = next - i - 1;
                return i;
            }
        }

        return -1;
    }

    // The "}}" that closes the block is outside strings and object literals; a comment ends with the block at the latest.
    private int FindClose(int from)
    {
        var braces = 0;
        for (var i = from; i < _text.Length; i++)
        {
            var c = _text[i];
            if (c == '#')
            {
                i = SkipComment(_text, i) - 1;
            }
            else if (StringScanner.Begins(_text, i))
            {
                var end = StringScanner.Skip(_text, i);
                if (end < 0)
                {
                    return -1;
                }

                i = end - 1;
            }
            else if (c == '{')
            {
                braces++;
            }
            else if (c == '}' && braces > 0)
            {
                braces--;
            }
            else if (c == '}' && i + 1 < _text.Length && _text[i + 1] == '}')
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>The offset behind a comment: <c># …</c> to the end of the line, <c>## … ##</c>, either at most to the block's end.</summary>
    public static int SkipComment(string text, int at)
    {
        var isMulti = at + 1 < text.Length && text[at + 1] == '#';
        for (var i = at + (isMulti ? 2 : 1); i < text.Length; i++)
        {
            if (!isMulti && text[i] == '\n')
            {
                return i;
            }

            if (isMulti && text[i] == '#' && i + 1 < text.Length && text[i + 1] == '#')
            {
                return i + 2;
            }

            if (text[i] == '}' && i + 1 < text.Length && text[i + 1] == '}')
            {
                return i;
            }
        }

        return text.Length;
    }

    // '-' takes all white space; '~' takes blanks and, behind a block, one line break and the blanks before the next word.
    private static string TrimmedStart(string text, char marker)
    {
        if (marker == '-')
        {
            return text.TrimStart();
        }

        if (marker != '~')
        {
            return text;
        }

        var trimmed = text.TrimStart(' ', '\t');
        return trimmed.StartsWith("\r\n", StringComparison.Ordinal) ? trimmed[2..]
            : trimmed.StartsWith('\n') ? trimmed[1..]
            : trimmed;
    }

    private static string TrimmedEnd(string text, char marker) =>
        marker == '-' ? text.TrimEnd() : text.TrimEnd(' ', '\t');
}
