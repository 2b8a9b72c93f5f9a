using System.Text.Json;
using System.Text.RegularExpressions;
using NurtureEngine.Core.Templating.Parsing;
using Scriban.Syntax;

namespace NurtureEngine.Core.Templating.Rendering;

/// <summary>
/// What stopped a rendering, in sentences of our own: Scriban's may quote a lead's value or a type of .NET. A sentence quotes the template, never a
/// value.
/// </summary>
internal static class Failures
{
    private const int LongestQuote = 60;

    // Parts of Scriban's messages, which have no codes, and what they mean.
    private static readonly (string Part, string Meaning)[] Known =
    [
        ("read-only", "it is read-only"),
        ("readonly", "it is read-only"),
        ("Cannot set", "it can't be set"),
        ("divide by zero", "it divides by zero"),
        ("The function", "it is no function"),
        ("is not a valid function", "it is no function"),
        ("Invalid target function", "it is no function"),
        ("Invalid number of arguments", "the number of arguments is another"),
        ("Unexpected list value", "a list is needed"),
        ("Unexpected type", "a list is needed"),
        ("Unable to convert", "the value is of another kind"),
        ("is not supported on", "the values are of other kinds"),
        ("Object of type", "the value has no such members"),
    ];

    private static readonly (string Part, string Sentence)[] Bounds =
    [
        ("LoopLimit", $"makes a range of more than {RenderContext.MaxItems} numbers"),
        ("iteration limit", $"goes through more than {RenderContext.MaxItems} items"),
        ("LimitToString", $"makes a text of more than {Budget.LongestText} characters"),
        ("recursive depth", $"calls functions or partials more than {RenderContext.MaxCalls} deep"),
        ("near to stack overflow", "is nested too deep"),
        ("too deeply nested", "is nested too deep"),
        ("Insufficient stack", "is nested too deep"),
    ];

    public static RenderResult Of(ScriptRuntimeException exception, string source)
    {
        var at = Place.Of(exception.Span);
        var text = TextOf(exception, source);
        // The place of a function that came from a partial is one in the partial.
        if (
            exception is MissingValueException { Written: var written }
            && WithoutBlanks(text) != WithoutBlanks(written)
        )
        {
            text = written;
        }

        return exception switch
        {
            PartialException partial => partial.At(at.Fault),
            MissingValueException => new RenderResult.Missing(
                text,
                at.Fault($"'{text}' has no value; write {text} ?? \"a default\".")
            ),
            BoundException => new RenderResult.Exceeded(at.Fault(exception.OriginalMessage)),
            RefusedException => new RenderResult.Failed(at.Fault(exception.OriginalMessage)),
            _ when BoundOf(exception) is { } bound => new RenderResult.Exceeded(at.Fault($"{Quote(text)} {bound}.")),
            _ => new RenderResult.Failed(at.Fault($"{Quote(text)} can't be computed: {Meaning(exception)}.")),
        };
    }

    private static string? BoundOf(ScriptRuntimeException exception) =>
        exception.InnerException is RegexMatchTimeoutException
            ? $"searches for longer than {RenderContext.LongestSearch.TotalMilliseconds} ms"
            : Array
                .Find(Bounds, bound => exception.OriginalMessage.Contains(bound.Part, StringComparison.Ordinal))
                .Sentence;

    private static string Meaning(ScriptRuntimeException exception) =>
        exception.InnerException switch
        {
            DivideByZeroException => "it divides by zero",
            OverflowException => "the result is too large",
            JsonException => "the text is no JSON",
            RegexParseException => "the pattern is no regular expression",
            FormatException => "the text has another form",
            _ => Array
                .Find(
                    Known,
                    known => exception.OriginalMessage.Contains(known.Part, StringComparison.OrdinalIgnoreCase)
                )
                .Meaning
                ?? "the values do not allow it",
        };

    private static string WithoutBlanks(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c)));

    private static string Quote(string text) => $"'{(text.Length > LongestQuote ? text[..LongestQuote] + "…" : text)}'";

    private static string TextOf(ScriptRuntimeException exception, string source)
    {
        var (start, end) = (exception.Span.Start.Offset, Math.Min(exception.Span.End.Offset + 1, source.Length));
        return start >= 0 && start < end ? source[start..end].Trim() : "the template";
    }
}
