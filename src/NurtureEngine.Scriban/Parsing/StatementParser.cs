using System.Collections.Immutable;
using NurtureEngine.Scriban.Syntax;

namespace NurtureEngine.Scriban.Parsing;

/// <summary>Parses statements and the blocks that <c>end</c> closes; a fault ends its statement and not the template.</summary>
internal sealed partial class StatementParser
{
    private static readonly string[] Openers =
    [
        "if",
        "case",
        "for",
        "while",
        "capture",
        "with",
        "wrap",
        "func",
        "tablerow",
    ];
    private static readonly string[] Compound = ["+=", "-=", "*=", "/=", "//=", "%="];
    private readonly TokenStream _tokens;
    private readonly ExpressionParser _expressions;
    private int _loops;
    private int _functions;

    public StatementParser(TokenStream tokens)
    {
        _tokens = tokens;
        _expressions = new ExpressionParser(tokens, this);
    }

    /// <summary>Whether the options of a loop may follow: <c>offset: 2</c> is then no argument of a call.</summary>
    public bool IsInLoopHead { get; private set; }

    public ImmutableArray<Statement> ParseTemplate()
    {
        var statements = ImmutableArray.CreateBuilder<Statement>();
        while (_tokens.Current.Kind != TokenKind.End)
        {
            statements.AddRange(Until("end", "else", "when"));
            if (_tokens.Current.Kind != TokenKind.End)
            {
                _tokens.Recover(_tokens.Fault($"{_tokens.Current.Shown} closes nothing that is open here."));
            }
        }

        return statements.ToImmutable();
    }

    /// <summary>One expression that must be the whole of the tokens.</summary>
    public Expression ParseOnlyExpression()
    {
        _tokens.SkipLines();
        var expression = _expressions.Parse();
        _tokens.SkipLines();
        return _tokens.Current.Kind == TokenKind.End
            ? expression
            : throw _tokens.Fault($"{_tokens.Current.Shown} is unexpected; expected the end of the expression.");
    }

    /// <summary>Statements up to <c>end</c>, which is taken.</summary>
    public ImmutableArray<Statement> ParseBody()
    {
        var at = _tokens.Current.At;
        _functions++;
        var body = _tokens.Deeper(() => Until("end"));
        _functions--;
        End("func", at);
        return body;
    }

    private ImmutableArray<Statement> Until(params ReadOnlySpan<string> closers)
    {
        var statements = ImmutableArray.CreateBuilder<Statement>();
        while (true)
        {
            _tokens.SkipEnds();
            if (
                _tokens.Current.Kind == TokenKind.End
                || (_tokens.Current.Kind == TokenKind.Identifier && closers.Contains(_tokens.Current.Value))
            )
            {
                return statements.ToImmutable();
            }

            var opener = _tokens.Current;
            try
            {
                statements.Add(_tokens.Current.Kind == TokenKind.Text ? Text() : ParseStatement());
            }
            catch (ParseException exception) when (!exception.IsFatal)
            {
                _tokens.Recover(exception);
                if (exception.IsInHead && opener.Kind == TokenKind.Identifier && Openers.Contains(opener.Value))
                {
                    statements.AddRange(SkipBlock());
                }
            }
        }
    }

    // The body of a statement whose head is faulty is still read for faults of its own, up to the 'end' that belongs to it.
    private List<Statement> SkipBlock() => _tokens.Deeper(SkipOneBlock);

    private List<Statement> SkipOneBlock()
    {
        var skipped = new List<Statement>(Until("end", "else", "when"));
        while (_tokens.Current.IsWord("else") || _tokens.Current.IsWord("when"))
        {
            while (_tokens.Current.Kind is not (TokenKind.EndOfStatement or TokenKind.Text or TokenKind.End))
            {
                _tokens.Take();
            }

            skipped.AddRange(Until("end", "else", "when"));
        }

        if (_tokens.Current.IsWord("end"))
        {
            _tokens.Take();
        }

        return skipped;
    }

    private Statement.Text Text()
    {
        var token = _tokens.Take();
        return new Statement.Text(token.At, token.Value);
    }

    private Statement ParseStatement()
    {
        var token = _tokens.Current;
        var statement = token.Kind == TokenKind.Identifier && !_tokens.Following.Is(".") ? ParseKeyword(token) : null;
        statement ??= ParseExpressionStatement();
        if (
            _tokens.Current.Kind is not (TokenKind.EndOfStatement or TokenKind.Text or TokenKind.End)
            && !_tokens.Current.IsWord("end")
        )
        {
            throw _tokens.Fault(
                $"{_tokens.Current.Shown} is unexpected; expected a pipe '|' or the end of the statement."
            );
        }

        return statement;
    }

    private Statement? ParseKeyword(Token token) =>
        token.Value switch
        {
            "if" => _tokens.Deeper(ParseIf),
            "case" => _tokens.Deeper(ParseCase),
            "for" => _tokens.Deeper(ParseFor),
            "while" => _tokens.Deeper(ParseWhile),
            "capture" => Block((at, target, body) => new Statement.Capture(at, target, body)),
            "with" => Block((at, target, body) => new Statement.With(at, target, body)),
            "wrap" => ParseWrap(),
            "func" => ParseFunction(),
            "import" => One((at, value) => new Statement.Import(at, value)),
            "readonly" => One((at, value) => new Statement.ReadOnly(at, value)),
            "ret" => ParseReturn(),
            "break" => Jump(at => new Statement.Break(at)),
            "continue" => Jump(at => new Statement.Continue(at)),
            "tablerow" => throw _tokens.Fault(
                "'tablerow' is not supported; write a 'for' with the table's tags around it."
            ),
            _ => null,
        };

    private Statement ParseExpressionStatement()
    {
        var at = _tokens.Current.At;
        var expression = _expressions.Parse();
        if (_tokens.Accept("="))
        {
            _tokens.SkipLines();
            return expression is Expression.Call { Function: Expression.Variable name } call
                ? InlineFunction(name, call)
                : new Statement.Assign(at, Target(expression), null, _expressions.Parse());
        }

        if (_tokens.Current.Kind == TokenKind.Symbol && Compound.Contains(_tokens.Current.Value))
        {
            var operation = _tokens.Take().Value[..^1];
            return new Statement.Assign(at, Target(expression), operation, _expressions.Parse());
        }

        return new Statement.Output(at, expression, _tokens.Indent);
    }

    // sub(x, y) = x - y
    private Statement.Function InlineFunction(Expression.Variable name, Expression.Call call)
    {
        var parameters = call.Arguments.Select(argument =>
            argument.Value is Expression.Variable parameter
                ? new Parameter(parameter.Name, null, IsVariable: false)
                : throw _tokens.Fault("An inline function's parameters are names.", argument.Value.At)
        );
        var listed = parameters.ToImmutableArray();
        var body = _expressions.Parse();
        return new Statement.Function(
            call.At,
            new FunctionDeclaration(call.At, name.Name, listed, [new Statement.Return(body.At, body)])
        );
    }

    private Statement One(Func<int, Expression, Statement> make) => make(_tokens.Take().At, _expressions.Parse());

    private Statement.Return ParseReturn()
    {
        var at = _tokens.Take().At;
        var isBare =
            _tokens.Current.Kind is TokenKind.EndOfStatement or TokenKind.Text or TokenKind.End
            || _tokens.Current.IsWord("end");
        return new Statement.Return(at, isBare ? null : _expressions.Parse());
    }

    private Statement Jump(Func<int, Statement> make)
    {
        var token = _tokens.Take();
        return _loops > 0 || _functions > 0
            ? make(token.At)
            : throw _tokens.Fault($"'{token.Value}' stands outside a loop.", token.At);
    }

    private Expression Target(Expression expression) =>
        expression is Expression.Variable or Expression.Local or Expression.Member or Expression.Index
            ? expression
            : throw _tokens.Fault("Only a variable, a member or an item can be assigned to.", expression.At);

    private void End(string opener, int at)
    {
        if (!_tokens.Current.IsWord("end"))
        {
            throw new ParseException(_tokens.Source.FaultAt(at, $"'{opener}' has no matching 'end'."), isInHead: false);
        }

        _tokens.Take();
    }
}
