using Scriban.Parsing;

namespace NurtureEngine.Core.Templating.Parsing;

/// <summary>A place in a template's text; line and column count from 1.</summary>
internal readonly record struct Place(int Line, int Column)
{
    public static Place Of(SourceSpan span) => new(span.Start.Line + 1, span.Start.Column + 1);

    public static Place Of(string text, int offset)
    {
        var before = text.AsSpan(0, Math.Min(offset, text.Length));
        return new Place(before.Count('\n') + 1, before.Length - before.LastIndexOf('\n'));
    }

    public TemplateFault Fault(string message) => new(Line, Column, message);

    public FieldRead Read(string path, bool mayBeOwn = false) => new(path, Line, Column, mayBeOwn);
}
