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
        var captures = nodes
            .OfType<ScriptCaptureStatement>()
            .Select(capture => SyntaxTree.PathOf(capture.Target))
            .ToHashSet(StringComparer.Ordinal);
        return from node in nodes
            let change = ChangeOf(node, isPartial, captures)
            where change is not null
            select Place.Of(node.Span).Fault($"{change}; it was stored by an earlier program, store it anew.");
    }

    private static string? ChangeOf(ScriptNode node, bool isPartial, HashSet<string?> captures) =>
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
            ScriptVariableGlobal { Name: var name }
                when captures.Contains(name)
                    && node.Parent
                        is ScriptBinaryExpression
                            or ScriptInterpolatedExpression
                            or ScriptMemberExpression { Member: not null }
                            or ScriptArrayInitializerExpression
                            or ScriptList { Parent: ScriptArrayInitializerExpression } =>
                "A text that is made of captured markup is escaped now",
            ScriptMemberExpression when SyntaxTree.PathOf(node) == "account.size" && IsCompared(node) =>
                "account.size is compared as a number now",
            ScriptMemberExpression when Array.Find(Changed, name => name == SyntaxTree.PathOf(node)) is { } name =>
                $"{name} follows Scriban now",
            ScriptLiteral { Value: string text }
                when Array.Find(ChangedPatterns, part => text.Contains(part, StringComparison.Ordinal)) is { } part =>
                $"{part} in a date's pattern follows Scriban now",
            _ => null,
        };

    private static bool IsCompared(ScriptNode node) =>
        node.Parent is ScriptBinaryExpression { Operator: not (ScriptBinaryOperator.And or ScriptBinaryOperator.Or) };
}
