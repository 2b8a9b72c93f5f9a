using System.Text;
using Scriban.Runtime;

namespace NurtureEngine.Core.Templating.Rendering;

/// <summary>Takes what a rendering prints, up to the longest text.</summary>
internal sealed class BoundedOutput(RenderContext context) : IScriptOutput
{
    private readonly StringBuilder _text = new();

    public void Clear() => _text.Clear();

    public override string ToString() => _text.ToString();

    public void Write(string text, int offset, int count)
    {
        Budget.CheckLength(_text.Length + count, context.CurrentSpan);
        _text.Append(text, offset, count);
    }

    public ValueTask WriteAsync(string text, int offset, int count, CancellationToken cancellationToken)
    {
        Write(text, offset, count);
        return ValueTask.CompletedTask;
    }
}
