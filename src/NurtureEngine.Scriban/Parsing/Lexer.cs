using System.Text;
using NurtureEngine.Scriban.Syntax;

namespace NurtureEngine.Scriban.Parsing;

/// <summary>Turns the inside of one code block into tokens.</summary>
internal sealed class Lexer(SourceText source, string code, int at, ICollection<ScribanFault> faults)
{
    private int _position;

    public List<Token> Read()
    {
        var tokens = new List<Token>();
        while (_position < code.Length)
        {
            if (char.IsWhiteSpace(code[_position]))
            {
                _position++;
            }
            else if (Next() is { } token)
            {
                tokens.Add(token);
            }
        }

        tokens.Add(new Token(TokenKind.End, at + code.Length, ""));
        return tokens;
    }

    private Token? Next()
    {
        var c = code[_position];
        if (char.IsAsciiLetter(c) || c == '_')
        {
            return While(TokenKind.Identifier, static x => char.IsAsciiLetterOrDigit(x) || x == '_');
        }

        if (char.IsAsciiDigit(c))
        {
            return Number();
        }

        if (c is '"' or '\'')
        {
            return Quoted(c);
        }

        return c switch
        {
            '.' => Single(TokenKind.Dot),
            ',' => Single(TokenKind.Comma),
            '(' => Single(TokenKind.OpenParenthesis),
            ')' => Single(TokenKind.CloseParenthesis),
            '|' when Peek(1) != '|' => Single(TokenKind.Pipe),
            '?' when Peek(1) == '?' => Take(TokenKind.Fallback, 2),
            _ => Unknown(c),
        };
    }

    private char Peek(int ahead) => _position + ahead < code.Length ? code[_position + ahead] : '\0';

    private Token Single(TokenKind kind) => Take(kind, 1);

    private Token Take(TokenKind kind, int length)
    {
        var token = new Token(kind, at + _position, code.Substring(_position, length));
        _position += length;
        return token;
    }

    private Token While(TokenKind kind, Func<char, bool> belongs)
    {
        var end = _position;
        while (end < code.Length && belongs(code[end]))
        {
            end++;
        }

        return Take(kind, end - _position);
    }

    private Token Number()
    {
        var end = _position;
        while (end < code.Length && char.IsAsciiDigit(code[end]))
        {
            end++;
        }

        if (end + 1 < code.Length && code[end] == '.' && char.IsAsciiDigit(code[end + 1]))
        {
            end++;
            while (end < code.Length && char.IsAsciiDigit(code[end]))
            {
                end++;
            }
        }

        return Take(TokenKind.Number, end - _position);
    }

    private Token? Quoted(char quote)
    {
        var start = _position++;
        var value = new StringBuilder();
        while (_position < code.Length)
        {
            var c = code[_position++];
            if (c == quote)
            {
                return new Token(TokenKind.Text, at + start, value.ToString());
            }

            value.Append(c == '\\' && _position < code.Length ? Escaped(code[_position++]) : c);
        }

        faults.Add(source.FaultAt(at + start, $"The string has no closing {quote}."));
        return null;
    }

    private static char Escaped(char c) =>
        c switch
        {
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            _ => c,
        };

    private Token? Unknown(char c)
    {
        faults.Add(
            source.FaultAt(at + _position, $"'{c}' is not understood here; expected a field, a value or a pipe '|'.")
        );
        _position++;
        return null;
    }
}
