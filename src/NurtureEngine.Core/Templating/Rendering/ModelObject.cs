using Scriban;
using Scriban.Parsing;
using Scriban.Runtime;

namespace NurtureEngine.Core.Templating.Rendering;

/// <summary>A model as an object that Scriban reads: nothing is copied, nothing can be listed or written, and nothing of .NET is reflected.</summary>
internal sealed class ModelObject(IModel model) : IScriptObject
{
    public int Count => 0;

    public bool IsReadOnly
    {
        get => true;
        set { }
    }

    public IEnumerable<string> GetMembers() => [];

    public bool Contains(string member) => model.TryGet(member, out var value) && ModelValues.Of(value) is not null;

    public bool TryGetValue(TemplateContext? context, SourceSpan span, string member, out object? value)
    {
        var isKnown = model.TryGet(member, out value);
        value = ModelValues.Of(value);
        return isKnown;
    }

    public bool CanWrite(string member) => false;

    public bool TrySetValue(TemplateContext? context, SourceSpan span, string member, object? value, bool readOnly) =>
        false;

    public bool Remove(string member) => false;

    public void SetReadOnly(string member, bool readOnly) { }

    public IScriptObject Clone(bool deep) => this;
}
