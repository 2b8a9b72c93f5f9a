using Scriban.Syntax;

namespace NurtureEngine.Core.Templating.Parsing;

/// <summary>What Scriban takes and this engine does not: statements that would do nothing, and numbers that Scriban would read wrongly.</summary>
internal static class LanguageCheck
{
    public static IEnumerable<TemplateFault> Run(IEnumerable<ScriptNode> nodes, string text) =>
        from node in nodes
        let complaint = ComplaintOf(node, text)
        where complaint is not null
        select Place.Of(node.Span).Fault(complaint);

    private static string? ComplaintOf(ScriptNode node, string text) =>
        node switch
        {
            ScriptBreakStatement or ScriptContinueStatement when !SyntaxTree.IsWithin<ScriptLoopStatementBase>(node) =>
                $"'{node.ToString()!.Trim()}' stands outside a loop.",
            ScriptLiteral literal when IsTooLarge(Text(literal, text)) =>
                $"'{Text(literal, text)}' is no number of up to 64 bits.",
            ScriptFunctionCall
            {
                Target: ScriptLiteral or ScriptArrayInitializerExpression or ScriptObjectInitializerExpression
            } =>
                "What stands here is called like a function and is none; a list or range with options stands in parentheses: (1..3) reversed.",
            ScriptPipeCall pipe when SyntaxTree.FirstOf(pipe.To) is ScriptLiteral =>
                "A function is missing behind '|'.",
            ScriptBinaryExpression { Operator: ScriptBinaryOperator.ShiftLeft or ScriptBinaryOperator.ShiftRight } =>
                "'<<' and '>>' are left out, since they can make numbers of any size; write array.add or array.insert_at for lists.",
            _ => null,
        };

    // Scriban reads hexadecimal and binary numbers beyond 64 bits as others, without a word.
    private static bool IsTooLarge(string literal)
    {
        var digits = literal.Replace("_", "", StringComparison.Ordinal).TrimEnd('u', 'U');
        return digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? digits.Length > 2 + 16
            : digits.StartsWith("0b", StringComparison.OrdinalIgnoreCase) && digits.Length > 2 + 64;
    }

    private static string Text(ScriptNode node, string text)
    {
        var (start, end) = (node.Span.Start.Offset, Math.Min(node.Span.End.Offset + 1, text.Length));
        return start >= 0 && start < end ? text[start..end] : "";
    }
}
