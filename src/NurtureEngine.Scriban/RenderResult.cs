namespace NurtureEngine.Scriban;

/// <summary>A rendered text, or what stopped the rendering.</summary>
public abstract record RenderResult
{
    private RenderResult() { }

    public sealed record Rendered(string Text) : RenderResult;

    /// <summary>A field has no value and the template gives no default for it; <paramref name="Field"/> names it.</summary>
    public sealed record Missing(string Field, ScribanFault Fault) : RenderResult;

    /// <summary>The rendering passed a bound.</summary>
    public sealed record Exceeded(ScribanFault Fault) : RenderResult;

    /// <summary>The template does something with a value that can't be done.</summary>
    public sealed record Failed(ScribanFault Fault) : RenderResult;
}
