using System.Collections.Immutable;
using System.Globalization;
using NurtureEngine.Scriban.Evaluation;
using NurtureEngine.Scriban.Parsing;
using NurtureEngine.Scriban.Syntax;

namespace NurtureEngine.Scriban;

/// <summary>A parsed template; immutable, safe to render from many threads at once.</summary>
public sealed class Template
{
    // Mailbox providers clip at half of this.
    private const int MaxLength = 200_000;

    private readonly SourceText _source;

    private Template(SourceText source, ImmutableArray<Statement> statements)
    {
        _source = source;
        Statements = statements;
    }

    internal ImmutableArray<Statement> Statements { get; }

    /// <summary>
    /// What the template reads from its model, to be checked against what the model has. Within <c>with</c> a plain name may
    /// also be a member of the object.
    /// </summary>
    public ImmutableArray<FieldRead> Fields => FieldReader.Read(Statements, _source);

    /// <summary>The partials that the template includes, and where; a name is always written out.</summary>
    public ImmutableArray<FieldRead> Includes => FieldReader.Includes(Statements, _source);

    /// <summary>Where values are printed unescaped in HTML, by <c>html.raw</c>: for a person to look at.</summary>
    public ImmutableArray<FieldRead> RawFilters => FieldReader.RawFilters(Statements, _source);

    /// <summary>Parses a template; where it is faulty, all faults come back and no template.</summary>
    public static Template? TryParse(string text, out ImmutableArray<ScribanFault> faults)
    {
        var source = new SourceText(text);
        var found = new List<ScribanFault>();
        if (text.Length > MaxLength)
        {
            faults = [source.FaultAt(MaxLength, $"The template is longer than {MaxLength} characters.")];
            return null;
        }

        var tokens = new List<Token>();
        foreach (var block in new BlockSplitter(source, found).Split())
        {
            if (!block.IsCode)
            {
                tokens.Add(new Token(TokenKind.Text, block.At, block.Value, IsSpaced: true));
                continue;
            }

            tokens.Add(new Token(TokenKind.EndOfStatement, block.At, "{{" + block.Indent, IsSpaced: true));
            tokens.AddRange(new Lexer(source, block.Value, block.At, found).Read());
            tokens.Add(new Token(TokenKind.EndOfStatement, block.At + block.Value.Length, "}}", IsSpaced: true));
        }

        tokens.Add(new Token(TokenKind.End, text.Length, "", IsSpaced: true));
        var statements = Parse(source, tokens, found);
        faults = [.. found.Distinct().OrderBy(fault => fault.Line).ThenBy(fault => fault.Column)];
        return found.Count == 0 ? new Template(source, statements) : null;
    }

    /// <summary>Renders against a model. A missing value without a default stops it, as does a mistake or a passed bound.</summary>
    public RenderResult Render(IModel model, OutputKind kind, CultureInfo culture) =>
        Render(model, kind, culture, IPartials.None);

    /// <summary>Renders with partials for <c>include</c>.</summary>
    public RenderResult Render(IModel model, OutputKind kind, CultureInfo culture, IPartials partials)
    {
        try
        {
            // Slicing may have cut a character in half.
            var text = new Renderer(model, kind, culture, partials).Render(Statements);
            return new RenderResult.Rendered(WellFormed.Of(text));
        }
        catch (Exception exception) when (ScriptFailure.From(exception) is { } failure)
        {
            var fault = FaultOf(failure);
            return failure.Missing is { } missing ? new RenderResult.Missing(missing.Field, fault)
                : failure.IsBound ? new RenderResult.Exceeded(fault)
                : new RenderResult.Failed(fault);
        }
    }

    /// <summary>Where a failure lies, in this template's text.</summary>
    internal ScribanFault FaultOf(ScriptFailure failure) => _source.FaultAt(failure.At, failure.Message);

    private static ImmutableArray<Statement> Parse(SourceText source, List<Token> tokens, List<ScribanFault> faults)
    {
        try
        {
            var statements = new StatementParser(new TokenStream(source, tokens, faults, depth: 0)).ParseTemplate();
            FunctionCheck.Run(statements, source, faults);
            return statements;
        }
        catch (ParseException exception)
        {
            faults.Add(exception.Fault);
            return [];
        }
    }

    internal static Expression ParseExpression(SourceText source, string code, int at, TokenStream outer)
    {
        var tokens = new Lexer(source, code, at, outer.Faults).Read();
        tokens.Add(new Token(TokenKind.End, at + code.Length, "", IsSpaced: true));
        return new StatementParser(
            new TokenStream(source, tokens, outer.Faults, outer.Depth + 1)
        ).ParseOnlyExpression();
    }
}
