using System.Collections.Immutable;
using System.Globalization;
using NurtureEngine.Core.Templating.Parsing;
using NurtureEngine.Core.Templating.Rendering;
using Scriban.Syntax;

namespace NurtureEngine.Core.Templating;

/// <summary>
/// A template in the language of Scriban, under the rules of <c>docs/scriban.md</c>; immutable, safe to render from many threads at once.
/// </summary>
public sealed class Template
{
    // Mailbox providers clip at half of this.
    private const int MaxLength = 200_000;

    private readonly string _source;
    private readonly TemplateReads _reads;

    private Template(string source, Scriban.Template parsed)
    {
        _source = source;
        Parsed = parsed;
        _reads = TemplateReads.Of(parsed.Page!);
    }

    /// <summary>
    /// The fields that the template reads from its model, to be checked against the fields that the model has. Within <c>with</c> a plain name may
    /// also be a member of the object.
    /// </summary>
    public ImmutableArray<FieldRead> Fields => _reads.Fields;

    /// <summary>The partials that the template includes, and where; a name is always written out.</summary>
    public ImmutableArray<FieldRead> Includes => _reads.Includes;

    /// <summary>Where values are printed unescaped in HTML, by <c>html.raw</c>: for a person to look at.</summary>
    public ImmutableArray<FieldRead> RawFilters => _reads.RawFilters;

    /// <summary>
    /// The constructs that a program before schema version 11 rendered differently, for templates that such a program stored.
    /// </summary>
    public IEnumerable<TemplateFault> ChangedSince(bool isPartial) => EarlierLanguage.Run(Parsed.Page!, isPartial);

    /// <summary>The parsed template, for <c>include</c>.</summary>
    internal Scriban.Template Parsed { get; }

    /// <summary>Parses a template; where it is faulty, all faults come back and no template.</summary>
    public static Template? TryParse(string text, out ImmutableArray<TemplateFault> faults)
    {
        if (text.Length > MaxLength)
        {
            faults = [Place.Of(text, MaxLength).Fault($"The template is longer than {MaxLength} characters.")];
            return null;
        }

        var parsed = TemplateParser.Parse(text, isCondition: false, out faults);
        return faults.IsEmpty ? new Template(text, parsed) : null;
    }

    /// <summary>Renders against a model. A missing value without a default stops it, as does a mistake or a passed bound.</summary>
    public RenderResult Render(IModel model, OutputKind kind, CultureInfo culture) =>
        Render(model, kind, culture, IPartials.None);

    /// <summary>Renders with partials for <c>include</c>.</summary>
    public RenderResult Render(IModel model, OutputKind kind, CultureInfo culture, IPartials partials)
    {
        try
        {
            // A slice may have cut a surrogate pair in half.
            return new RenderResult.Rendered(WellFormed.Of(RenderContext.Render(this, model, kind, culture, partials)));
        }
        catch (ScriptRuntimeException exception)
        {
            return Failures.Of(exception, _source);
        }
    }

    /// <summary>Where an exception lies in this template, and what it means.</summary>
    internal RenderResult FailureOf(ScriptRuntimeException exception) => Failures.Of(exception, _source);
}
