namespace NurtureEngine.Scriban.Parsing;

/// <summary>Finds where a string ends, without reading it: the splitter and the lexer must agree on it.</summary>
internal static class StringScanner
{
    // Strings within the expressions of strings; more is nobody's template.
    private const int MaxNested = 20;

    /// <summary>Whether a string begins here: <c>"</c>, <c>'</c>, <c>`</c>, or <c>$"</c> and <c>$'</c>.</summary>
    public static bool Begins(string text, int at) =>
        text[at] is '"' or '\'' or '`' || (text[at] == '$' && at + 1 < text.Length && text[at + 1] is '"' or '\'');

    /// <summary>The offset behind the closing quote, or -1 where there is none.</summary>
    public static int Skip(string text, int at) => Skip(text, at, MaxNested);

    private static int Skip(string text, int at, int levels)
    {
        if (levels == 0)
        {
            return -1;
        }

        var isInterpolated = text[at] == '$';
        var quote = text[isInterpolated ? at + 1 : at];
        var depth = 0;
        for (var i = at + (isInterpolated ? 2 : 1); i < text.Length; i++)
        {
            var c = text[i];
            if (c == '\\' && quote != '`' && depth == 0)
            {
                i++;
            }
            else if (c == '`' && quote == '`' && i + 1 < text.Length && text[i + 1] == '`')
            {
                // Two of them stand for one.
                i++;
            }
            else if (depth == 0 && c == quote)
            {
                return i + 1;
            }
            else if (isInterpolated && c == '{')
            {
                depth++;
            }
            else if (isInterpolated && c == '}' && depth > 0)
            {
                depth--;
            }
            else if (depth > 0 && Begins(text, i))
            {
                var end = Skip(text, i, levels - 1);
                if (end < 0)
                {
                    return -1;
                }

                i = end - 1;
            }
        }

        return -1;
    }
}
