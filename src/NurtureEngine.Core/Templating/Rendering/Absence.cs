using NurtureEngine.Core.Templating.Functions;
using NurtureEngine.Core.Templating.Parsing;
using Scriban.Runtime;
using Scriban.Syntax;

namespace NurtureEngine.Core.Templating.Rendering;

/// <summary>Decides, by the place of an expression in its template, whether it may be without a value there.</summary>
internal static class Absence
{
    // What these are given may be nothing: they are asked about just that.
    private static readonly string[] TakeNothing =
    [
        "object.default",
        "object.typeof",
        "object.kind",
        "array.size",
        "array.contains",
        "array.compact",
        "include",
    ];

    /// <summary>Whether a path, a call or a pipe that gave null stops the message.</summary>
    public static bool Stops(ScriptExpression expression, RenderContext context) =>
        (SyntaxTree.IsPath(expression) ? !IsFunction(expression, context) : CallsLibrary(expression))
        && !MayBeNothing(expression);

    /// <summary>Whether an expression is one side of a comparison.</summary>
    public static bool IsCompared(ScriptNode node)
    {
        while (node.Parent is ScriptNestedExpression nested)
        {
            node = nested;
        }

        return node.Parent is ScriptBinaryExpression comparison && Compares(comparison.Operator);
    }

    /// <summary>Whether an expression reads a field without a value where it needs one.</summary>
    public static bool LacksValue(ScriptExpression expression, RenderContext context) =>
        SyntaxTree
            .NodesOf(expression)
            .Exists(node =>
                node.Node is ScriptExpression path
                && SyntaxTree.IsPath(path)
                && TemplateReads.IsWholePath(path)
                && context.ValueOf(path) is null
                && !MayBeNothing(path, expression)
            );

    /// <summary>Whether what an expression calls is a function of the library; a template's own function may well return nothing.</summary>
    private static bool CallsLibrary(ScriptExpression expression) =>
        NameOf(SyntaxTree.LastOf(expression)) is { } name && Library.Find(name) is not null;

    private static bool IsFunction(ScriptExpression path, RenderContext context) =>
        context.ValueOf(path) is IScriptCustomFunction;

    private static bool MayBeNothing(ScriptExpression expression, ScriptNode? within = null)
    {
        ScriptNode child = expression;
        for (
            var parent = expression.Parent;
            !ReferenceEquals(child, within) && parent is not null;
            child = parent, parent = parent.Parent
        )
        {
            switch (parent)
            {
                case ScriptNestedExpression or ScriptNamedArgument or ScriptList:
                    continue;
                case ScriptBinaryExpression
                {
                    Operator: ScriptBinaryOperator.EmptyCoalescing or ScriptBinaryOperator.NotEmptyCoalescing
                } choice:
                    if (ReferenceEquals(child, choice.Left))
                    {
                        return true;
                    }

                    continue;
                case ScriptConditionalExpression choice:
                    if (ReferenceEquals(child, choice.Condition))
                    {
                        return true;
                    }

                    continue;
                case ScriptBinaryExpression operation:
                    return Compares(operation.Operator)
                        || operation.Operator is ScriptBinaryOperator.And or ScriptBinaryOperator.Or;
                case ScriptUnaryExpression unary:
                    return unary.Operator == ScriptUnaryOperator.Not;
                case ScriptPipeCall pipe:
                    if (ReferenceEquals(child, pipe.To))
                    {
                        continue;
                    }

                    return TakesNothing(SyntaxTree.FirstOf(pipe.To));
                case ScriptFunctionCall call:
                    return TakesNothing(call);
                case ScriptAssignExpression
                or ScriptIfStatement
                or ScriptWhileStatement
                or ScriptCaseStatement
                or ScriptWhenStatement
                or ScriptForStatement
                or ScriptMemberExpression
                or ScriptIndexerExpression
                or ScriptIsEmptyExpression:
                    return true;
                default:
                    return false;
            }
        }

        // The whole of a condition may be nothing; what is to be found within an expression may not.
        return within is null;
    }

    // A function of the template looks at its arguments itself.
    private static bool TakesNothing(ScriptExpression? call) =>
        NameOf(call) is not { } name || TakeNothing.Contains(name) || Library.Find(name) is null;

    private static bool Compares(ScriptBinaryOperator operation) =>
        operation
            is ScriptBinaryOperator.CompareEqual
                or ScriptBinaryOperator.CompareNotEqual
                or ScriptBinaryOperator.CompareGreater
                or ScriptBinaryOperator.CompareGreaterOrEqual
                or ScriptBinaryOperator.CompareLess
                or ScriptBinaryOperator.CompareLessOrEqual;

    private static string? NameOf(ScriptExpression? call) =>
        SyntaxTree.PathOf(call is ScriptFunctionCall { Target: var target } ? target : call);
}
