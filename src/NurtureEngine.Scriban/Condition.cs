using System.Collections.Immutable;
using System.Globalization;
using NurtureEngine.Scriban.Evaluation;
using NurtureEngine.Scriban.Parsing;
using NurtureEngine.Scriban.Syntax;

namespace NurtureEngine.Scriban;

/// <summary>
/// One expression in the language of templates that holds or does not, such as <c>lead.score >= 60</c>. Immutable, pure, safe
/// to ask from many threads.
/// </summary>
public sealed class Condition
{
    private const int MaxLength = 10_000;

    private readonly SourceText _source;
    private readonly Expression _expression;

    private Condition(SourceText source, Expression expression) => (_source, _expression) = (source, expression);

    /// <summary>What the condition reads from its model.</summary>
    public ImmutableArray<FieldRead> Fields =>
        FieldReader.Read([new Statement.Output(_expression.At, _expression, Indent: "")], _source);

    /// <summary>Parses a condition; where it is faulty, all faults come back and no condition.</summary>
    public static Condition? TryParse(string text, out ImmutableArray<ScribanFault> faults)
    {
        var source = new SourceText(text);
        if (text.Length > MaxLength)
        {
            faults = [source.FaultAt(MaxLength, $"The condition is longer than {MaxLength} characters.")];
            return null;
        }

        var found = new List<ScribanFault>();
        Expression? expression = null;
        try
        {
            var tokens = new Lexer(source, text, 0, found).Read();
            tokens.Add(new Token(TokenKind.End, text.Length, "", IsSpaced: true));
            expression = new StatementParser(new TokenStream(source, tokens, found, depth: 0)).ParseOnlyExpression();
            FunctionCheck.Run([new Statement.Output(expression.At, expression, Indent: "")], source, found);
        }
        catch (ParseException exception)
        {
            found.Add(exception.Fault);
        }

        faults = [.. found.Distinct()];
        return found.Count == 0 ? new Condition(source, expression!) : null;
    }

    /// <summary>
    /// Whether it holds for a model; a field that has no value is null, so it equals nothing and is not true. Null and a fault
    /// where a value can't be compared, or a bound is passed.
    /// </summary>
    public bool? Holds(IModel model, CultureInfo culture, out ScribanFault? fault)
    {
        try
        {
            fault = null;
            return Values.IsTrue(new Renderer(model, OutputKind.Text, culture, IPartials.None).Evaluate(_expression));
        }
        catch (Exception exception) when (ScriptFailure.From(exception) is { } failure)
        {
            fault = _source.FaultAt(failure.At, failure.Message);
            return null;
        }
    }
}
