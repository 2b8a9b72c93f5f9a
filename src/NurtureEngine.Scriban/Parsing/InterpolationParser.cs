using System.Collections.Immutable;
using NurtureEngine.Scriban.Syntax;

namespace NurtureEngine.Scriban.Parsing;

/// <summary>Takes the inside of <c>$"text {expression}"</c> apart.</summary>
internal static class InterpolationParser
{
    public static Expression Parse(Token token, TokenStream outer)
    {
        var parts = ImmutableArray.CreateBuilder<Expression>();
        var (text, position) = (token.Value, 0);
        // The value begins behind the dollar sign and the quote.
        var offset = token.At + 2;
        while (position < text.Length)
        {
            var open = Open(text, position);
            if (open < 0)
            {
                parts.Add(new Expression.Literal(offset + position, Lexer.Unescape(text[position..])));
                break;
            }

            if (open > position)
            {
                parts.Add(new Expression.Literal(offset + position, Lexer.Unescape(text[position..open])));
            }

            var close = Close(text, open + 1);
            if (close < 0)
            {
                throw outer.Fault("'{' has no matching '}' in the string.", offset + open);
            }

            parts.Add(Template.ParseExpression(outer.Source, text[(open + 1)..close], offset + open + 1, outer));
            position = close + 1;
        }

        return new Expression.Interpolation(token.At, parts.ToImmutable());
    }

    // A brace behind a backslash is a brace.
    private static int Open(string text, int from)
    {
        for (var i = from; i < text.Length; i++)
        {
            if (text[i] == '{')
            {
                return i;
            }

            i += text[i] == '\\' ? 1 : 0;
        }

        return -1;
    }

    private static int Close(string text, int from)
    {
        var depth = 0;
        for (var i = from; i < text.Length; i++)
        {
            if (StringScanner.Begins(text, i))
            {
                var end = StringScanner.Skip(text, i);
                if (end < 0)
                {
                    return -1;
                }

                i = end - 1;
            }
            else if (text[i] == '{')
            {
                depth++;
            }
            else if (text[i] == '}' && depth-- == 0)
            {
                return i;
            }
        }

        return -1;
    }
}
