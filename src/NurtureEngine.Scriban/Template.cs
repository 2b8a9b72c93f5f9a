using System.Collections.Immutable;
using System.Globalization;
using NurtureEngine.Scriban.Evaluation;
using NurtureEngine.Scriban.Parsing;
using NurtureEngine.Scriban.Syntax;

namespace NurtureEngine.Scriban;

/// <summary>A parsed template; immutable, safe to render from many threads at once.</summary>
public sealed class Template
{
    private readonly SourceText _source;
    private readonly ImmutableArray<Statement> _statements;

    private Template(SourceText source, ImmutableArray<Statement> statements)
    {
        _source = source;
        _statements = statements;
    }

    /// <summary>Parses a template; where it is faulty, all faults come back and no template.</summary>
    public static Template? TryParse(string text, out ImmutableArray<ScribanFault> faults)
    {
        var source = new SourceText(text);
        var found = new List<ScribanFault>();
        var statements = ImmutableArray.CreateBuilder<Statement>();
        foreach (var block in BlockSplitter.Split(source, found))
        {
            if (!block.IsCode)
            {
                statements.Add(new Statement.Text(block.Value));
            }
            else if (
                new Parser(source, new Lexer(source, block.Value, block.At, found).Read(), found).ParseBlock() is
                { } value
            )
            {
                statements.Add(new Statement.Output(value));
            }
        }

        faults = [.. found.Distinct()];
        return found.Count == 0 ? new Template(source, statements.ToImmutable()) : null;
    }

    /// <summary>Renders against a model. A missing value without a default stops it, as does a text beyond the bound.</summary>
    public RenderResult Render(IModel model, OutputKind kind, CultureInfo culture) =>
        new Evaluator(_source, model, kind, culture).Render(_statements);
}
