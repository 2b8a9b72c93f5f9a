using System.Collections.Immutable;
using System.Globalization;
using NurtureEngine.Scriban.Functions;
using NurtureEngine.Scriban.Syntax;

namespace NurtureEngine.Scriban.Parsing;

/// <summary>Parses the tokens of one code block: <c>value ?? value | function argument … | …</c>.</summary>
internal sealed class Parser(SourceText source, List<Token> tokens, ICollection<ScribanFault> faults)
{
    // Bounds recursion, so that a hostile template is a fault and not a stack overflow.
    private const int MaxDepth = 50;

    private static readonly ImmutableHashSet<string> Keywords =
    [
        "break",
        "capture",
        "case",
        "continue",
        "do",
        "else",
        "end",
        "for",
        "func",
        "if",
        "import",
        "in",
        "include",
        "readonly",
        "ret",
        "tablerow",
        "this",
        "when",
        "while",
        "with",
        "wrap",
    ];

    private int _position;
    private int _depth;

    private Token Current => tokens[_position];

    /// <summary>The block's expression, or null where it is empty or faulty.</summary>
    public Expression? ParseBlock()
    {
        if (Current.Kind == TokenKind.End)
        {
            return null;
        }

        if (Current.Kind == TokenKind.Identifier && Keywords.Contains(Current.Value))
        {
            return Fault($"'{Current.Value}' is not supported yet; expected a field such as lead.name.");
        }

        var expression = ParsePipe();
        return expression is null || Current.Kind == TokenKind.End
            ? expression
            : Fault($"'{Current.Value}' is unexpected; expected a pipe '|' or the end of the block.");
    }

    private Expression? ParsePipe()
    {
        if (_depth++ >= MaxDepth)
        {
            return Fault($"The expression is nested deeper than {MaxDepth} levels.");
        }

        var left = ParseFallback();
        while (left is not null && Accept(TokenKind.Pipe))
        {
            left = ParseCall(left);
        }

        _depth--;
        return left;
    }

    private Expression? ParseFallback()
    {
        var left = ParsePrimary();
        while (left is not null && Current.Kind == TokenKind.Fallback)
        {
            var at = Current.At;
            _position++;
            left = ParsePrimary() is { } right ? new Expression.Fallback(at, left, right) : null;
        }

        return left;
    }

    private Expression? ParsePrimary()
    {
        var token = Current;
        _position += token.Kind == TokenKind.End ? 0 : 1;
        switch (token.Kind)
        {
            case TokenKind.Text:
                return new Expression.Literal(token.At, token.Value);
            case TokenKind.Number
                when decimal.TryParse(token.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number):
                return new Expression.Literal(token.At, number);
            case TokenKind.OpenParenthesis:
                var inner = ParsePipe();
                return inner is null || Accept(TokenKind.CloseParenthesis) ? inner : Fault("A ')' is missing.");
            case TokenKind.Identifier:
                return ParseName(token);
            default:
                return Fault($"'{token.Value}' is unexpected; expected a field, a string or a number.", token.At);
        }
    }

    private Expression? ParseName(Token first)
    {
        switch (first.Value)
        {
            case "null" or "empty":
                return new Expression.Literal(first.At, null);
            case "true" or "false":
                return new Expression.Literal(first.At, first.Value == "true");
        }

        var names = ImmutableArray.CreateBuilder<string>();
        names.Add(first.Value);
        while (Accept(TokenKind.Dot))
        {
            if (Current.Kind != TokenKind.Identifier)
            {
                return Fault("A name is missing behind '.'.");
            }

            names.Add(Current.Value);
            _position++;
        }

        return new Expression.Path(first.At, names.ToImmutable());
    }

    private Expression? ParseCall(Expression piped)
    {
        if (Current.Kind != TokenKind.Identifier)
        {
            return Fault("A function is missing behind '|', such as string.upcase.");
        }

        var at = Current.At;
        _position++;
        if (ParseName(tokens[_position - 1]) is not Expression.Path path)
        {
            return null;
        }

        var arguments = ImmutableArray.CreateBuilder<Expression>();
        arguments.Add(piped);
        while (Current.Kind is TokenKind.Text or TokenKind.Number or TokenKind.Identifier or TokenKind.OpenParenthesis)
        {
            if (ParsePrimary() is not { } argument)
            {
                return null;
            }

            arguments.Add(argument);
            Accept(TokenKind.Comma);
        }

        return Builtins.Check(path.ToString(), arguments.Count) is { } complaint
            ? Fault(complaint, at)
            : new Expression.Call(at, path.ToString(), arguments.ToImmutable());
    }

    private bool Accept(TokenKind kind)
    {
        if (Current.Kind != kind)
        {
            return false;
        }

        _position++;
        return true;
    }

    private Expression? Fault(string message, int? at = null)
    {
        faults.Add(source.FaultAt(at ?? Current.At, message));
        return null;
    }
}
