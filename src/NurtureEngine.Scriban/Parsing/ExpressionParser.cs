using System.Collections.Immutable;
using NurtureEngine.Scriban.Syntax;

namespace NurtureEngine.Scriban.Parsing;

/// <summary>
/// Parses expressions by precedence: pipe and conditional, <c>??</c>, logic, comparison, range, sum, product, unary, call,
/// path.
/// </summary>
internal sealed partial class ExpressionParser(TokenStream tokens, StatementParser statements)
{
    private static readonly string[][] Levels =
    [
        ["??", "?!"],
        ["||"],
        ["&&"],
        ["==", "!="],
        ["<", ">", "<=", ">="],
        ["..", "..<"],
        ["+", "-"],
        ["*", "/", "//", "%"],
    ];

    private const int MaxLinks = 1_000;

    /// <summary>A whole expression, with its pipes.</summary>
    public Expression Parse() =>
        tokens.Deeper(() =>
        {
            var left = Binary(0);
            for (var links = 0; tokens.Current.Is("|"); links++)
            {
                CheckLength(links);
                tokens.Take();
                tokens.SkipLines();
                left = Binary(0, Piped(left));
            }

            if (!tokens.Current.Is("?"))
            {
                return left;
            }

            var at = tokens.Take().At;
            tokens.SkipLines();
            var then = Parse();
            tokens.Expect(":", "in a conditional");
            tokens.SkipLines();
            return new Expression.Conditional(at, left, then, Parse());
        });

    /// <summary>A value without pipes and without <c>||</c>, which separate the matches of a <c>when</c>.</summary>
    public Expression ParseMatch() => Binary(Array.FindIndex(Levels, level => level.Contains("&&")));

    /// <summary>The variable of a loop.</summary>
    public Expression ParseTarget() => Path(Primary());

    // With a first operand given, goes on behind it: "x | f + 1" adds to what f makes of x.
    private Expression Binary(int level, Expression? first = null)
    {
        if (level == Levels.Length)
        {
            return first ?? Called();
        }

        var left = Binary(level + 1, first);
        RefuseShift();
        for (
            var links = 0;
            tokens.Current.Kind == TokenKind.Symbol && Levels[level].Contains(tokens.Current.Value);
            links++
        )
        {
            CheckLength(links);
            var symbol = tokens.Take();
            tokens.SkipLines();
            left = new Expression.Binary(symbol.At, symbol.Value, left, Binary(level + 1));
        }

        return left;
    }

    // Scriban has two operators of which its documentation does not speak.
    private void RefuseShift()
    {
        if (tokens.Current.Is("<<") || tokens.Current.Is(">>"))
        {
            throw tokens.Fault($"'{tokens.Current.Value}' is left out; write array.add or array.insert_at.");
        }
    }

    // What is read in a loop here is a deep tree to who evaluates it.
    private void CheckLength(int links)
    {
        if (links > MaxLinks)
        {
            throw tokens.Fault($"The expression has more than {MaxLinks} links.");
        }
    }

    private Expression Unary()
    {
        var token = tokens.Current;
        if (token.Kind != TokenKind.Symbol)
        {
            return Postfix();
        }

        switch (token.Value)
        {
            case "!" or "-" or "+" or "@" or "^":
                tokens.Take();
                return tokens.Deeper<Expression>(() => new Expression.Unary(token.At, token.Value, Unary()));
            case "++" or "--":
                tokens.Take();
                return new Expression.Increment(
                    token.At,
                    Target(Postfix()),
                    token.Value == "++" ? 1 : -1,
                    IsPrefix: true
                );
            default:
                return Postfix();
        }
    }

    private Expression Postfix()
    {
        var expression = Path(Primary());
        if (!tokens.Current.Is("++") && !tokens.Current.Is("--"))
        {
            return expression;
        }

        var symbol = tokens.Take();
        return new Expression.Increment(symbol.At, Target(expression), symbol.Value == "++" ? 1 : -1, IsPrefix: false);
    }

    private Expression Path(Expression expression)
    {
        for (var links = 0; tokens.Current.Kind == TokenKind.Symbol; links++)
        {
            CheckLength(links);
            var token = tokens.Current;
            if (token.Value is "." or "?.")
            {
                tokens.Take();
                if (tokens.Current.Kind != TokenKind.Identifier)
                {
                    throw tokens.Fault("A name is missing behind '.'.");
                }

                var name = tokens.Take();
                // A path is named by where it begins: that is where its reader has to look.
                expression = new Expression.Member(expression.At, expression, name.Value, token.Value == "?.");
            }
            else if (token.Value == "[" && !token.IsSpaced)
            {
                tokens.Take();
                var key = Parse();
                tokens.Expect("]", "in an indexer");
                expression = new Expression.Index(token.At, expression, key);
            }
            else if (
                token.Value == "("
                && !token.IsSpaced
                && expression is Expression.Variable or Expression.Member or Expression.Local
            )
            {
                tokens.Take();
                expression = new Expression.Call(expression.At, expression, ListedArguments());
            }
            else
            {
                break;
            }
        }

        return expression;
    }

    private List<T> List<T>(string close, Func<T> item)
    {
        var items = new List<T>();
        tokens.SkipLines();
        while (!tokens.Accept(close))
        {
            items.Add(item());
            tokens.SkipLines();
            if (!tokens.Accept(","))
            {
                if (!tokens.Accept(close))
                {
                    throw tokens.Fault($"{tokens.Current.Shown} is unexpected in a list; expected ',' or '{close}'.");
                }

                break;
            }

            tokens.SkipLines();
        }

        return items;
    }

    private Expression Primary()
    {
        var token = tokens.Current;
        switch (token.Kind)
        {
            case TokenKind.String:
                tokens.Take();
                return new Expression.Literal(token.At, token.Value);
            case TokenKind.Interpolated:
                tokens.Take();
                return InterpolationParser.Parse(token, tokens);
            case TokenKind.Number:
                tokens.Take();
                return new Expression.Literal(token.At, NumberReader.Read(token, tokens));
            case TokenKind.Local:
                tokens.Take();
                return Numbered(token);
            case TokenKind.Identifier:
                return Named();
            case TokenKind.Symbol when token.Value == "(":
                tokens.Take();
                tokens.SkipLines();
                var inner = Parse();
                tokens.SkipLines();
                tokens.Expect(")", "in a nested expression");
                return inner;
            case TokenKind.Symbol when token.Value == "[":
                tokens.Take();
                return tokens.Deeper<Expression>(() => new Expression.ArrayLiteral(token.At, [.. List("]", Parse)]));
            case TokenKind.Symbol when token.Value == "{":
                tokens.Take();
                return tokens.Deeper<Expression>(() => new Expression.ObjectLiteral(token.At, [.. List("}", Member)]));
            default:
                throw tokens.Fault($"{token.Shown} is unexpected; expected a field, a string or a number.");
        }
    }

    // $0, $1 … are the arguments by their positions.
    private static Expression Numbered(Token token) =>
        token.Value.Length > 1 && int.TryParse(token.Value.AsSpan(1), out var position)
            ? new Expression.Index(
                token.At,
                new Expression.Local(token.At, "$"),
                new Expression.Literal(token.At, (long)position)
            )
            : new Expression.Local(token.At, token.Value);

    private (string Name, Expression Value) Member()
    {
        var name = tokens.Take();
        if (name.Kind is not (TokenKind.Identifier or TokenKind.String))
        {
            throw tokens.Fault($"{name.Shown} is no member's name; expected a name or a string.", name.At);
        }

        tokens.Expect(":", "in an object");
        tokens.SkipLines();
        return (name.Value, Parse());
    }

    private Expression Named()
    {
        var token = tokens.Take();
        switch (token.Value)
        {
            case "null":
                return new Expression.Literal(token.At, null);
            case "true" or "false":
                return new Expression.Literal(token.At, token.Value == "true");
            case "for" or "while" when tokens.Current.Is("."):
                tokens.Take();
                var member = tokens.Take();
                return new Expression.Loop(token.At, token.Value, member.Value);
            case "do":
                return new Expression.Anonymous(
                    token.At,
                    new FunctionDeclaration(token.At, FunctionDeclaration.Anonymous, null, statements.ParseBody())
                );
            case var word when Keywords.Reserved.Contains(word):
                throw tokens.Fault($"'{word}' is unexpected here; expected a field, a string or a number.", token.At);
            default:
                return new Expression.Variable(token.At, token.Value);
        }
    }

    private Expression Target(Expression expression) =>
        expression is Expression.Variable or Expression.Local or Expression.Member or Expression.Index
            ? expression
            : throw tokens.Fault("Only a variable, a member or an item can be changed.", expression.At);
}
