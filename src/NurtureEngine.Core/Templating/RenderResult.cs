namespace NurtureEngine.Core.Templating;

/// <summary>A rendered text, or what stopped the rendering.</summary>
public abstract record RenderResult
{
    private RenderResult() { }

    /// <summary>What stopped the rendering, and where; null for a rendered text.</summary>
    public TemplateFault? FaultOrNull =>
        this switch
        {
            Missing missing => missing.Fault,
            Exceeded exceeded => exceeded.Fault,
            Failed failed => failed.Fault,
            _ => null,
        };

    public sealed record Rendered(string Text) : RenderResult;

    /// <summary>A field has no value and the template gives no default for it; <paramref name="Field"/> names it.</summary>
    public sealed record Missing(string Field, TemplateFault Fault) : RenderResult;

    /// <summary>The rendering passed a bound.</summary>
    public sealed record Exceeded(TemplateFault Fault) : RenderResult;

    /// <summary>The template does something with a value that can't be done.</summary>
    public sealed record Failed(TemplateFault Fault) : RenderResult;
}
