using System.Collections.Immutable;
using System.Globalization;
using NurtureEngine.Core.Templating.Parsing;
using NurtureEngine.Core.Templating.Rendering;
using Scriban.Syntax;

namespace NurtureEngine.Core.Templating;

/// <summary>
/// One expression in the language of templates that holds or does not, such as <c>lead.score >= 60</c>. Immutable, pure, safe
/// to evaluate from many threads.
/// </summary>
public sealed class Condition
{
    private const int MaxLength = 10_000;

    private readonly string _source;
    private readonly ScriptExpression _expression;
    private readonly ScriptPage _page;

    private Condition(string source, Scriban.Template parsed)
    {
        _source = source;
        _page = parsed.Page!;
        _expression = TemplateParser.OnlyExpression(parsed.Page!)!;
        Fields = TemplateReads.Of(parsed.Page!).Fields;
    }

    /// <summary>The condition as it was written.</summary>
    public string Text => _source;

    /// <summary>The fields that the condition reads from its model.</summary>
    public ImmutableArray<FieldRead> Fields { get; }

    /// <summary>The constructs that a program before schema version 11 evaluated differently.</summary>
    public IEnumerable<TemplateFault> Changes => EarlierLanguage.Run(_page, isPartial: false);

    /// <summary>Parses a condition; where it is faulty, all faults come back and no condition.</summary>
    public static Condition? TryParse(string text, out ImmutableArray<TemplateFault> faults)
    {
        if (text.Length > MaxLength)
        {
            faults = [Place.Of(text, MaxLength).Fault($"The condition is longer than {MaxLength} characters.")];
            return null;
        }

        var parsed = TemplateParser.Parse(text, isCondition: true, out faults);
        return faults.IsEmpty ? new Condition(text, parsed) : null;
    }

    /// <summary>
    /// Whether it holds for a model; a field that has no value is null, so it equals nothing and is not true. Null and a fault
    /// where a value can't be compared, or a bound is passed.
    /// </summary>
    public bool? Holds(IModel model, CultureInfo culture, out TemplateFault? fault)
    {
        try
        {
            fault = null;
            return RenderContext.Holds(_expression, model, culture);
        }
        catch (ScriptRuntimeException exception)
        {
            fault = Failures.Of(exception, _source).FaultOrNull;
            return null;
        }
    }
}
