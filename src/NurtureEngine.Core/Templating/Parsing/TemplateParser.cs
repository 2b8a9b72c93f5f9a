using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Scriban.Parsing;
using Scriban.Syntax;

namespace NurtureEngine.Core.Templating.Parsing;

/// <summary>Parses by Scriban, and adds the faults that Scriban finds only while it renders, or not at all.</summary>
internal static partial class TemplateParser
{
    private static readonly LexerOptions OfTemplates = new() { Mode = ScriptMode.Default };
    private static readonly LexerOptions OfConditions = new() { Mode = ScriptMode.ScriptOnly };

    /// <summary>The parsed text and all its faults in the order of their places; it can be rendered only where there are none.</summary>
    public static Scriban.Template Parse(string text, bool isCondition, out ImmutableArray<TemplateFault> faults)
    {
        var lexing = isCondition ? OfConditions : OfTemplates;
        var parsed = Scriban.Template.Parse(text, lexerOptions: lexing);
        var unended = parsed.Messages.Where(message => Unended().IsMatch(message.Message)).ToList();
        var found = new List<TemplateFault>(
            parsed.Messages.Except(unended).Select(message => PlaceOf(message, text).Fault(Sentence(message.Message)))
        );
        found.AddRange(BlockCheck.OfMarks(text, lexing));
        if (parsed.Page is { } page)
        {
            var tree = SyntaxTree.NodesOf(page);
            var nodes = tree.ConvertAll(node => node.Node);
            found.AddRange(NestingCheck.Run(tree));
            found.AddRange(unended.Count > 0 ? BlockCheck.OfStatements(nodes) : []);
            found.AddRange(FunctionCheck.Run(nodes));
            found.AddRange(LanguageCheck.Run(nodes, text));
        }

        if (isCondition && found.Count == 0 && OnlyExpression(parsed.Page) is null)
        {
            found.Add(new TemplateFault(1, 1, "A condition is one expression, such as lead.score >= 60."));
        }

        faults = [.. found.Distinct().OrderBy(fault => fault.Line).ThenBy(fault => fault.Column)];
        return parsed;
    }

    /// <summary>The expression of a condition; null where the text is more, less or something else.</summary>
    public static ScriptExpression? OnlyExpression(ScriptPage? page)
    {
        var statements = page?.Body?.Statements.Where(statement => statement is not ScriptNopStatement).ToList();
        return
            statements is [ScriptExpressionStatement { Expression: { } expression }]
            && !SyntaxTree
                .NodesOf(expression)
                .Exists(node => node.Node is ScriptAssignExpression or ScriptIncrementDecrementExpression)
            ? expression
            : null;
    }

    private static Place PlaceOf(LogMessage message, string text) =>
        message.Span.Start.Line < 0 ? Place.Of(text, text.Length) : Place.Of(message.Span);

    // Scriban's words without the name of the class that parses, and without the syntax of the whole statement behind them.
    private static string Sentence(string message) =>
        (Wrapped().Match(message) is { Success: true } match ? match.Groups["core"].Value : message).TrimEnd('.', ' ')
        + ".";

    [GeneratedRegex(@"^Error while parsing [^:]+: (?<core>.*?)( in:.*)?$", RegexOptions.Singleline)]
    private static partial Regex Wrapped();

    [GeneratedRegex(@"^Error while parsing \w+ statement: The <end> statement was not found")]
    private static partial Regex Unended();
}
