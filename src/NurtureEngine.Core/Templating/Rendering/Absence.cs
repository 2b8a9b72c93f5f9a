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
        "string.empty",
        "string.whitespace",
        "string.size",
        "object.size",
        "math.is_number",
        "include",
    ];

    /// <summary>Whether a path, a call or a pipe that gave null stops the message.</summary>
    public static bool Stops(ScriptExpression expression, RenderContext context) =>
        expression switch
        {
            ScriptUnaryExpression unary => unary.Operator == ScriptUnaryOperator.FunctionAlias,
            _ when SyntaxTree.IsPath(expression) => context.ValueOf(expression) is not IScriptCustomFunction
                && !MayBeNothing(expression, context),
            // A function of the template looks at its arguments itself, and may well return nothing.
            _ => !IsOfTemplate(SyntaxTree.LastOf(expression), context) && !MayBeNothing(expression, context),
        };

    /// <summary>Whether an expression is one side of a comparison.</summary>
    public static bool IsCompared(ScriptNode node)
    {
        while (node.Parent is ScriptNestedExpression nested)
        {
            node = nested;
        }

        return node.Parent is ScriptBinaryExpression comparison && Compares(comparison.Operator);
    }

    /// <summary>
    /// Whether an expression reads a field without a value where it needs one: as far as that is sure before it is evaluated, and without evaluating
    /// anything that acts.
    /// </summary>
    public static bool LacksValue(ScriptExpression expression, RenderContext context) =>
        SyntaxTree
            .NodesOf(expression)
            .Exists(node =>
                node.Node is ScriptExpression path
                && (path is ScriptVariable || SyntaxTree.PathOf(path) is not null)
                && TemplateReads.IsWholePath(path)
                && IsSurelyRead(path, expression)
                && context.ValueOf(path) is null
                && !MayBeNothing(path, context, expression)
            );

    // Not in a function's body, nor in a branch that may not be taken.
    private static bool IsSurelyRead(ScriptNode node, ScriptNode within)
    {
        for (
            var (child, parent) = (node, node.Parent);
            !ReferenceEquals(child, within);
            (child, parent) = (parent!, parent!.Parent)
        )
        {
            var isSure = parent switch
            {
                null or ScriptFunction => false,
                ScriptConditionalExpression choice => ReferenceEquals(choice.Condition, child),
                ScriptBinaryExpression binary => ReferenceEquals(binary.Left, child)
                    || binary.Operator
                        is not (
                            ScriptBinaryOperator.And
                            or ScriptBinaryOperator.Or
                            or ScriptBinaryOperator.EmptyCoalescing
                            or ScriptBinaryOperator.NotEmptyCoalescing
                        ),
                _ => true,
            };
            if (!isSure)
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsOfTemplate(ScriptExpression? call, RenderContext context) =>
        (call is ScriptFunctionCall { Target: var target } ? target : call) is { } function
        && context.ValueOf(function) is ScriptFunction;

    private static bool MayBeNothing(ScriptExpression expression, RenderContext context, ScriptNode? within = null)
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

                    return TakesNothing(SyntaxTree.FirstOf(pipe.To), context);
                case ScriptFunctionCall call:
                    return TakesNothing(call, context);
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

    private static bool TakesNothing(ScriptExpression? call, RenderContext context) =>
        NameOf(call) is { } name && TakeNothing.Contains(name) || IsOfTemplate(call, context);

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
