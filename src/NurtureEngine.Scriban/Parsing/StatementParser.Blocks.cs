using System.Collections.Immutable;
using NurtureEngine.Scriban.Syntax;

namespace NurtureEngine.Scriban.Parsing;

/// <summary>The statements that an <c>end</c> closes.</summary>
internal sealed partial class StatementParser
{
    private Statement.If ParseIf()
    {
        var at = _tokens.Take().At;
        var branches = ImmutableArray.CreateBuilder<(Expression?, ImmutableArray<Statement>)>();
        branches.Add((_expressions.Parse(), Until("end", "else")));
        while (_tokens.Current.IsWord("else"))
        {
            _tokens.Take();
            if (_tokens.Current.IsWord("if"))
            {
                _tokens.Take();
                branches.Add((_expressions.Parse(), Until("end", "else")));
            }
            else
            {
                EndHead("else");
                branches.Add((null, Until("end")));
                break;
            }
        }

        End("if", at);
        return new Statement.If(at, branches.ToImmutable());
    }

    private Statement.Case ParseCase()
    {
        var at = _tokens.Take().At;
        var subject = _expressions.Parse();
        var branches = ImmutableArray.CreateBuilder<(ImmutableArray<Expression>, ImmutableArray<Statement>)>();
        if (
            Until("when", "else", "end")
                .Any(statement => statement is not Statement.Text text || !string.IsNullOrWhiteSpace(text.Value))
        )
        {
            throw _tokens.Fault("Something stands between 'case' and its first 'when'; it would never be printed.", at);
        }

        while (_tokens.Current.IsWord("when"))
        {
            _tokens.Take();
            var matches = ImmutableArray.CreateBuilder<Expression>();
            do
            {
                matches.Add(_expressions.ParseMatch());
            } while (_tokens.Accept(",") || _tokens.Accept("||"));
            branches.Add((matches.ToImmutable(), Until("when", "else", "end")));
        }

        ImmutableArray<Statement> otherwise = [];
        if (_tokens.Current.IsWord("else"))
        {
            _tokens.Take();
            EndHead("else");
            otherwise = Until("end");
        }

        End("case", at);
        return new Statement.Case(at, subject, branches.ToImmutable(), otherwise);
    }

    private Statement.For ParseFor()
    {
        var at = _tokens.Take().At;
        var target = Target(_expressions.ParseTarget());
        if (!_tokens.Current.IsWord("in"))
        {
            throw _tokens.Fault($"{_tokens.Current.Shown} is unexpected in a 'for'; expected 'in'.");
        }

        _tokens.Take();
        var source = InLoopHead(_expressions.Parse);
        (Expression? offset, Expression? limit, var isReversed) = (null, null, false);
        while (_tokens.Current.Kind == TokenKind.Identifier)
        {
            var option = _tokens.Take();
            switch (option.Value)
            {
                case "reversed":
                    isReversed = true;
                    break;
                case "offset":
                    _tokens.Expect(":", "behind 'offset'");
                    offset = _expressions.ParseMatch();
                    break;
                case "limit":
                    _tokens.Expect(":", "behind 'limit'");
                    limit = _expressions.ParseMatch();
                    break;
                default:
                    throw _tokens.Fault(
                        $"'{option.Value}' is no option of 'for'; expected offset, limit or reversed.",
                        option.At
                    );
            }
        }

        _loops++;
        var body = Until("end", "else");
        _loops--;
        ImmutableArray<Statement> otherwise = [];
        if (_tokens.Current.IsWord("else"))
        {
            _tokens.Take();
            EndHead("else");
            otherwise = Until("end");
        }

        End("for", at);
        return new Statement.For(at, target, source, offset, limit, isReversed, body, otherwise);
    }

    private T InLoopHead<T>(Func<T> parse)
    {
        IsInLoopHead = true;
        try
        {
            return parse();
        }
        finally
        {
            IsInLoopHead = false;
        }
    }

    private Statement.While ParseWhile()
    {
        var at = _tokens.Take().At;
        var condition = _expressions.Parse();
        _loops++;
        var body = Until("end");
        _loops--;
        End("while", at);
        return new Statement.While(at, condition, body);
    }

    private Statement Block(Func<int, Expression, ImmutableArray<Statement>, Statement> make)
    {
        var opener = _tokens.Take();
        var subject = _expressions.Parse();
        var body = _tokens.Deeper(() => Until("end"));
        End(opener.Value, opener.At);
        return make(opener.At, opener.Value == "capture" ? Target(subject) : subject, body);
    }

    private Statement.Wrap ParseWrap()
    {
        var at = _tokens.Take().At;
        var call = _expressions.Parse() switch
        {
            Expression.Call given => given,
            (Expression.Variable or Expression.Member or Expression.Local) and var function => new Expression.Call(
                function.At,
                function,
                []
            ),
            _ => throw _tokens.Fault("'wrap' needs a function, such as: wrap box 'title'.", at),
        };
        var body = _tokens.Deeper(() => Until("end"));
        End("wrap", at);
        return new Statement.Wrap(at, call, body);
    }

    private Statement.Function ParseFunction()
    {
        var at = _tokens.Take().At;
        if (_tokens.Current.Kind is not (TokenKind.Identifier or TokenKind.Local))
        {
            throw _tokens.Fault($"{_tokens.Current.Shown} is no name for a function.");
        }

        var name = _tokens.Take().Value;
        var parameters = _tokens.Current.Is("(") ? ParseParameters() : (ImmutableArray<Parameter>?)null;
        return new Statement.Function(at, new FunctionDeclaration(at, name, parameters, ParseBody()));
    }

    private ImmutableArray<Parameter> ParseParameters()
    {
        _tokens.Take();
        var parameters = ImmutableArray.CreateBuilder<Parameter>();
        while (!_tokens.Accept(")"))
        {
            if (_tokens.Current.Kind != TokenKind.Identifier)
            {
                throw _tokens.Fault($"{_tokens.Current.Shown} is no parameter; expected a name.");
            }

            var name = _tokens.Take().Value;
            var isVariable = _tokens.Accept("...");
            var fallback = _tokens.Accept("=") ? _expressions.ParseMatch() : null;
            parameters.Add(new Parameter(name, fallback, isVariable));
            CheckOrder(parameters);
            if (!_tokens.Accept(",") && !_tokens.Current.Is(")"))
            {
                throw _tokens.Fault(
                    $"{_tokens.Current.Shown} is unexpected in a list of parameters; expected ',' or ')'."
                );
            }
        }

        return parameters.ToImmutable();
    }

    // Those that must be given come first, and one that takes all the others comes last.
    private void CheckOrder(ImmutableArray<Parameter>.Builder parameters)
    {
        var last = parameters[^1];
        if (parameters.Count < 2)
        {
            return;
        }

        var before = parameters[^2];
        if (before.IsVariable || (before.Default is not null && last is { Default: null, IsVariable: false }))
        {
            throw _tokens.Fault(
                $"'{last.Name}' can't stand behind '{before.Name}'; expected first the parameters without a default, then those with one, then the one with '...'."
            );
        }
    }

    private void EndHead(string keyword)
    {
        if (_tokens.Current.Kind is not (TokenKind.EndOfStatement or TokenKind.Text or TokenKind.End))
        {
            throw _tokens.Fault(
                $"{_tokens.Current.Shown} is unexpected behind '{keyword}'; expected a new line or ';'."
            );
        }
    }
}
