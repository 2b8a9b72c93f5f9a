using Scriban.Syntax;

namespace NurtureEngine.Core.Templating.Parsing;

/// <summary>
/// The constructs that programs before schema version 11, which had an interpreter of their own, rendered differently. A stored template that uses
/// one does not render until it is stored anew.
/// </summary>
internal static class EarlierLanguage
{
    private static readonly string[] Changed =
    [
        "string.truncatewords",
        "date.parse",
        "date.parse_to_string",
        "object.has_key",
        "object.has_value",
    ];

    private static readonly string[] ChangedPatterns = ["%U", "%V", "%W", "%g"];

    public static IEnumerable<TemplateFault> Run(ScriptPage page, bool isPartial)
    {
        var nodes = SyntaxTree.NodesOf(page).ConvertAll(node => node.Node);
        var hasMarkup = nodes.Exists(MakesMarkup);
        return from node in nodes
            let change = ChangeOf(node, isPartial, hasMarkup)
            where change is not null
            select Place.Of(node.Span).Fault($"{change}; it was stored by an earlier program, store it anew.");
    }

    private static string? ChangeOf(ScriptNode node, bool isPartial, bool hasMarkup) =>
        node switch
        {
            ScriptVariableLocal { Name: var name }
                when isPartial && name[1..].All(char.IsAsciiDigit) && !SyntaxTree.IsInFunction(node) =>
                "The arguments of a partial begin at $1 now, and $0 is its name",
            ScriptReturnStatement when isPartial && !SyntaxTree.IsInFunction(node) =>
                "What a partial returns is printed now",
            ScriptReturnStatement when SyntaxTree.IsWithin<ScriptCaptureStatement>(node) =>
                "A 'ret' ends its capture without a value now",
            ScriptForStatement { Else: not null } => "The 'else' of a 'for' is left out for a list that is missing now",
            ScriptVariableGlobal { Name: "empty" } when node.Parent is ScriptBinaryExpression =>
                "A text is never equal to 'empty' now",
            ScriptBinaryExpression { Operator: ScriptBinaryOperator.Add }
            or ScriptInterpolatedStringExpression when hasMarkup => "A text that is made of markup is escaped now",
            ScriptMemberExpression when hasMarkup && SyntaxTree.PathOf(node) == "array.join" =>
                "A text that is made of markup is escaped now",
            ScriptBinaryExpression
            {
                Operator: ScriptBinaryOperator.CompareLess
                    or ScriptBinaryOperator.CompareLessOrEqual
                    or ScriptBinaryOperator.CompareGreater
                    or ScriptBinaryOperator.CompareGreaterOrEqual
            } order
                when order.Left is ScriptLiteral { Value: string } || order.Right is ScriptLiteral { Value: string } =>
                "Texts are ordered by their characters' numbers now",
            ScriptMemberExpression
            or ScriptIndexerExpression when SyntaxTree.PathOf(node) == "account.size" && !IsPrintedOrAsked(node) =>
                "account.size is a number now",
            ScriptVariableGlobal { Name: "size" } when SyntaxTree.IsWithin<ScriptWithStatement>(node) =>
                "account.size is a number now",
            ScriptMemberExpression when Array.Find(Changed, name => name == SyntaxTree.PathOf(node)) is { } name =>
                $"{name} follows Scriban now",
            ScriptLiteral { Value: string text }
                when Array.Find(ChangedPatterns, part => text.Contains(part, StringComparison.Ordinal)) is { } part =>
                $"{part} in a date's pattern follows Scriban now",
            _ => null,
        };

    private static bool MakesMarkup(ScriptNode node) =>
        node is ScriptCaptureStatement
        || node is ScriptMemberExpression or ScriptVariableGlobal
            && SyntaxTree.PathOf(node) is "html.raw" or "html.escape" or "html.newline_to_br" or "include";

    // Printed as written, or asked whether it is there: both as before.
    private static bool IsPrintedOrAsked(ScriptNode node)
    {
        while (node.Parent is ScriptNestedExpression nested)
        {
            node = nested;
        }

        return node.Parent
            is ScriptExpressionStatement
                or ScriptIfStatement
                or ScriptBinaryExpression
                {
                    Operator: ScriptBinaryOperator.And
                        or ScriptBinaryOperator.Or
                        or ScriptBinaryOperator.EmptyCoalescing
                };
    }
}
