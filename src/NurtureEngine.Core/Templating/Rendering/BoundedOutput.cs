using System.Text;
using Scriban.Runtime;

namespace NurtureEngine.Core.Templating.Rendering;

/// <summary>Takes what a rendering prints, up to the longest text.</summary>
internal sealed class BoundedOutput(RenderContext context) : IScriptOutput
{
    private readonly StringBuilder _text = new();

    public int Length => _text.Length;

    /// <summary>Forgets what was printed behind a length.</summary>
    public void CutTo(int length) => _text.Length = length;

    public override string ToString() => _text.ToString();

    public void Write(string text, int offset, int count)
    {
        Budget.CheckLength(_text.Length + count, context.CurrentSpan);
        context.Budget.Print(count, context.CurrentSpan);
        _text.Append(text, offset, count);
    }

    public ValueTask WriteAsync(string text, int offset, int count, CancellationToken cancellationToken)
    {
        Write(text, offset, count);
        return ValueTask.CompletedTask;
    }
}
