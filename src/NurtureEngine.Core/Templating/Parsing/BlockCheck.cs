using Scriban.Parsing;
using Scriban.Syntax;

namespace NurtureEngine.Core.Templating.Parsing;

/// <summary>
/// Finds what is never closed: a block of code or of escaped text, which Scriban reads to the end without a word, and a statement, which Scriban misses
/// only at the end of the text.
/// </summary>
internal static class BlockCheck
{
    public static IEnumerable<TemplateFault> OfMarks(string text, LexerOptions options)
    {
        if (options.Mode != ScriptMode.Default)
        {
            yield break;
        }

        Token? open = null;
        foreach (var token in new Lexer(text, null, options))
        {
            open = token.Type switch
            {
                TokenType.CodeEnter or TokenType.EscapeEnter => token,
                TokenType.CodeExit or TokenType.EscapeExit => null,
                _ => open,
            };
        }

        if (open is { } unclosed)
        {
            var mark = text[unclosed.Start.Offset..Math.Min(unclosed.End.Offset + 1, text.Length)];
            yield return Place
                .Of(text, unclosed.Start.Offset)
                .Fault(
                    $"'{mark}' has no matching '{(unclosed.Type == TokenType.CodeEnter ? "}}" : string.Concat(mark.Reverse().Select(Mirrored)))}'."
                );
        }
    }

    /// <summary>The statements without their <c>end</c>.</summary>
    public static IEnumerable<TemplateFault> OfStatements(IReadOnlyCollection<ScriptNode> nodes)
    {
        var ended = nodes.OfType<ScriptEndStatement>().Select(end => OpenerOf(end)).ToHashSet();
        return from node in nodes
            let keyword = KeywordOf(node)
            where keyword is not null && !ended.Contains(node)
            select Place.Of(node.Span).Fault($"'{keyword}' has no matching 'end'.");
    }

    private static ScriptNode? OpenerOf(ScriptNode end)
    {
        var opener = end.Parent;
        while (opener is not null && KeywordOf(opener) is null)
        {
            opener = opener.Parent;
        }

        return opener;
    }

    private static string? KeywordOf(ScriptNode node) =>
        node switch
        {
            ScriptIfStatement { IsElseIf: false } => "if",
            ScriptTableRowStatement => "tablerow",
            ScriptForStatement => "for",
            ScriptWhileStatement => "while",
            ScriptCaseStatement => "case",
            ScriptCaptureStatement => "capture",
            ScriptWithStatement => "with",
            ScriptWrapStatement => "wrap",
            ScriptFunction { Body: ScriptBlockStatement, NameOrDoToken: ScriptVariable } => "func",
            ScriptFunction { Body: ScriptBlockStatement } => "do",
            _ => null,
        };

    private static char Mirrored(char c) => c == '{' ? '}' : c;
}
