using System.Globalization;
using System.Text;
using NurtureEngine.Scriban.Syntax;

namespace NurtureEngine.Scriban.Parsing;

/// <summary>Turns the inside of one code block into tokens.</summary>
internal sealed class Lexer(SourceText source, string code, int at, ICollection<ScribanFault> faults)
{
    // Longest first, so that "//=" is not read as "//" and "=".
    private static readonly string[] Symbols =
    [
        "//=",
        "..<",
        "...",
        "<<",
        ">>",
        "&&",
        "||",
        "==",
        "!=",
        "<=",
        ">=",
        "??",
        "?!",
        "?.",
        "..",
        "//",
        "++",
        "--",
        "+=",
        "-=",
        "*=",
        "/=",
        "%=",
        "+",
        "-",
        "*",
        "/",
        "%",
        "<",
        ">",
        "=",
        "!",
        "?",
        ":",
        ".",
        ",",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        "|",
        "^",
        "@",
    ];

    private int _position;

    /// <summary>The tokens, without an end of their own.</summary>
    public List<Token> Read()
    {
        var tokens = new List<Token>();
        var isSpaced = true;
        while (_position < code.Length)
        {
            var c = code[_position];
            if (c is '\n' or ';')
            {
                tokens.Add(new Token(TokenKind.EndOfStatement, at + _position++, c.ToString(), isSpaced));
                isSpaced = true;
            }
            else if (char.IsWhiteSpace(c))
            {
                _position++;
                isSpaced = true;
            }
            else if (c == '#')
            {
                _position = BlockSplitter.SkipComment(code, _position);
                isSpaced = true;
            }
            else
            {
                if (Next(isSpaced) is { } token)
                {
                    tokens.Add(token);
                }

                isSpaced = false;
            }
        }

        return tokens;
    }

    private Token? Next(bool isSpaced)
    {
        var c = code[_position];
        if (StringScanner.Begins(code, _position))
        {
            return Quoted(isSpaced);
        }

        if (char.IsLetter(c) || c == '_')
        {
            var word = Take(Span(_position, static x => char.IsLetterOrDigit(x) || x == '_'));
            // The one name with a question mark: x.empty?
            var isEmpty = word == "empty" && Peek(0) == '?' && Peek(1) is not ('?' or '.' or '!');
            return Token(TokenKind.Identifier, isEmpty ? word + Take(1) : word, isSpaced);
        }

        if (c == '$')
        {
            var dollars = Peek(1) == '$' ? 2 : 1;
            return Token(
                TokenKind.Local,
                Take(
                    dollars + (dollars == 1 ? Span(_position + 1, static x => char.IsLetterOrDigit(x) || x == '_') : 0)
                ),
                isSpaced
            );
        }

        if (char.IsAsciiDigit(c))
        {
            return Token(TokenKind.Number, Take(NumberLength()), isSpaced);
        }

        if (
            Symbols.FirstOrDefault(symbol => string.CompareOrdinal(code, _position, symbol, 0, symbol.Length) == 0) is
            { } found
        )
        {
            return Token(TokenKind.Symbol, Take(found.Length), isSpaced);
        }

        faults.Add(
            source.FaultAt(at + _position, $"'{c}' is not understood here; expected a field, a value or a pipe '|'.")
        );
        _position++;
        return null;
    }

    private char Peek(int ahead) => _position + ahead < code.Length ? code[_position + ahead] : '\0';

    private Token Token(TokenKind kind, string value, bool isSpaced) =>
        new(kind, at + _position - value.Length, value, isSpaced);

    private string Take(int length)
    {
        _position += length;
        return code.Substring(_position - length, length);
    }

    private int Span(int from, Func<char, bool> belongs)
    {
        var end = from;
        while (end < code.Length && belongs(code[end]))
        {
            end++;
        }

        return end - from;
    }

    private int NumberLength()
    {
        if (Peek(0) == '0' && Peek(1) is 'x' or 'X' or 'b' or 'B')
        {
            var digits = 2 + Span(_position + 2, static x => char.IsAsciiHexDigit(x) || x == '_');
            return digits + (Peek(digits) is 'u' or 'U' ? 1 : 0);
        }

        var length = Span(_position, static x => char.IsAsciiDigit(x) || x == '_');
        if (Peek(length) == '.' && char.IsAsciiDigit(Peek(length + 1)))
        {
            length += 1 + Span(_position + length + 1, char.IsAsciiDigit);
        }

        var sign = Peek(length + 1) is '+' or '-' ? 1 : 0;
        if (Peek(length) is 'e' or 'E' && char.IsAsciiDigit(Peek(length + 1 + sign)))
        {
            length += 1 + sign + Span(_position + length + 1 + sign, char.IsAsciiDigit);
        }

        return length
            + (
                Peek(length) is 'f' or 'F' or 'd' or 'D' or 'm' or 'M' && !char.IsLetterOrDigit(Peek(length + 1))
                    ? 1
                    : 0
            );
    }

    private Token? Quoted(bool isSpaced)
    {
        var start = _position;
        var end = StringScanner.Skip(code, start);
        if (end < 0)
        {
            faults.Add(source.FaultAt(at + start, "The string has no closing quote."));
            _position = code.Length;
            return null;
        }

        _position = end;
        if (code[start] == '$')
        {
            return new Token(TokenKind.Interpolated, at + start, code[(start + 2)..(end - 1)], isSpaced);
        }

        var inside = code[(start + 1)..(end - 1)];
        var value = code[start] == '`' ? inside.Replace("``", "`", StringComparison.Ordinal) : Unescape(inside);
        return new Token(TokenKind.String, at + start, value, isSpaced);
    }

    /// <summary>A string's text with its escapes replaced; an unknown escape stands for its character.</summary>
    public static string Unescape(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal))
        {
            return text;
        }

        var value = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\' || i + 1 == text.Length)
            {
                value.Append(text[i]);
                continue;
            }

            var c = text[++i];
            var digits = c switch
            {
                'u' => 4,
                'x' => 2,
                _ => 0,
            };
            if (
                digits > 0
                && i + digits < text.Length
                && ushort.TryParse(
                    text.AsSpan(i + 1, digits),
                    NumberStyles.AllowHexSpecifier,
                    CultureInfo.InvariantCulture,
                    out var code
                )
            )
            {
                value.Append((char)code);
                i += digits;
                continue;
            }

            value.Append(
                c switch
                {
                    'n' => '\n',
                    'r' => '\r',
                    't' => '\t',
                    'b' => '\b',
                    'f' => '\f',
                    '0' => '\0',
                    _ => c,
                }
            );
        }

        return value.ToString();
    }
}
