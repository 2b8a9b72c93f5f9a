using System.Collections.Immutable;
using NurtureEngine.Scriban.Syntax;

namespace NurtureEngine.Scriban.Parsing;

/// <summary>Parses calls: words behind a function, lists in parentheses, and pipes.</summary>
internal sealed partial class ExpressionParser
{
    private static readonly ImmutableHashSet<string> LoopOptions = ["offset", "limit", "reversed"];

    // "f a (b) c: d": words behind a path are its arguments.
    private Expression Called()
    {
        var function = Unary();
        return
            function is Expression.Variable or Expression.Member or Expression.Local or Expression.Index
            && BeginsArgument(tokens.Current)
            && !IsLoopOption()
            ? new Expression.Call(function.At, function, Arguments([]))
            : function;
    }

    private Expression Piped(Expression left)
    {
        var at = tokens.Current.At;
        if (
            tokens.Current.Kind is not (TokenKind.Identifier or TokenKind.Local)
            && !tokens.Current.Is("@")
            && !tokens.Current.Is("(")
        )
        {
            throw tokens.Fault("A function is missing behind '|', such as string.upcase.");
        }

        var isNested = tokens.Current.Is("(");
        var function = Unary();
        if (isNested)
        {
            // What stands in parentheses gives the function that is called.
            return new Expression.Call(at, function, Arguments([new Argument(null, left)]));
        }

        switch (function)
        {
            case Expression.Call call:
                return call with { Arguments = [new Argument(null, left), .. call.Arguments] };
            case Expression.Variable
            or Expression.Member
            or Expression.Local
            or Expression.Index
            or Expression.Unary { Operator: "@" }
            or Expression.Anonymous:
                var target = function is Expression.Unary alias ? alias.Operand : function;
                return new Expression.Call(at, target, Arguments([new Argument(null, left)]));
            default:
                throw tokens.Fault("A function is missing behind '|', such as string.upcase.", at);
        }
    }

    private ImmutableArray<Argument> Arguments(ImmutableArray<Argument> first)
    {
        var arguments = first.ToBuilder();
        while (BeginsArgument(tokens.Current) && !IsLoopOption())
        {
            arguments.Add(new Argument(ArgumentName(), Unary()));
        }

        return arguments.ToImmutable();
    }

    // "name: value"; null where the argument is given by its position.
    private string? ArgumentName()
    {
        if (tokens.Current.Kind != TokenKind.Identifier || !tokens.Following.Is(":"))
        {
            return null;
        }

        var name = tokens.Take().Value;
        tokens.Take();
        return name;
    }

    // In the head of a loop these words are its own, whatever stands before them.
    private bool IsLoopOption() =>
        statements.IsInLoopHead
        && tokens.Current.Kind == TokenKind.Identifier
        && LoopOptions.Contains(tokens.Current.Value)
        && (tokens.Current.Value == "reversed" || tokens.Following.Is(":"));

    private static bool BeginsArgument(Token token) =>
        token.Kind switch
        {
            TokenKind.String or TokenKind.Interpolated or TokenKind.Number or TokenKind.Local => true,
            TokenKind.Identifier => token.Value is not ("end" or "else" or "when" or "in"),
            TokenKind.Symbol => token.IsSpaced && token.Value is "(" or "[" or "{" or "@" or "!" or "^",
            _ => false,
        };

    private ImmutableArray<Argument> ListedArguments() => [.. List(")", () => new Argument(ArgumentName(), Parse()))];
}
