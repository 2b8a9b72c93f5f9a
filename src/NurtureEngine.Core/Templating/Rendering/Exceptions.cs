using Scriban.Parsing;
using Scriban.Syntax;

namespace NurtureEngine.Core.Templating.Rendering;

/// <summary>A field, or what is made of one, has no value where one is needed. Scriban wraps every exception that is not its own.</summary>
internal sealed class MissingValueException : ScriptRuntimeException
{
    private MissingValueException(ScriptNode node)
        : base(node.Span, "The value is missing.") => Written = (node.ToString() ?? "").Trim();

    /// <summary>The expression, its blanks lost.</summary>
    public string Written { get; }

    /// <summary>For an expression; a function at the end of a pipe stands for the whole pipe.</summary>
    public static MissingValueException Of(ScriptNode node)
    {
        while (node.Parent is ScriptPipeCall pipe && ReferenceEquals(pipe.To, node))
        {
            node = pipe;
        }

        return new MissingValueException(node);
    }
}

/// <summary>The rendering passed a bound; the message says which.</summary>
internal sealed class BoundException(SourceSpan span, string message) : ScriptRuntimeException(span, message);

/// <summary>Something that templates may not do; the message quotes no value.</summary>
internal sealed class RefusedException(SourceSpan span, string message) : ScriptRuntimeException(span, message);

/// <summary>The rendering failed within a partial; the message of <paramref name="failure"/> names the place there.</summary>
internal sealed class PartialException(SourceSpan span, string partial, RenderResult failure)
    : ScriptRuntimeException(span, "A partial failed.")
{
    /// <summary>The same failure, seen from the template that includes the partial.</summary>
    public RenderResult At(Func<string, TemplateFault> place)
    {
        var inner = failure.FaultOrNull!;
        var fault = place($"in partial '{partial}', {inner.Line}:{inner.Column}: {inner.Message}");
        return failure switch
        {
            RenderResult.Missing missing => missing with { Fault = fault },
            RenderResult.Exceeded => new RenderResult.Exceeded(fault),
            _ => new RenderResult.Failed(fault),
        };
    }
}
