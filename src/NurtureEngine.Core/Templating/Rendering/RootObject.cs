using Scriban;
using Scriban.Parsing;
using Scriban.Runtime;

namespace NurtureEngine.Core.Templating.Rendering;

/// <summary>The names that a rendering sees: those that the template made, in front of the model's.</summary>
internal sealed class RootObject() : ScriptObject(0, autoImportStaticsFromThisType: false)
{
    private IModel? _model;

    /// <summary>Reads from a model from now on, and forgets what the last template made.</summary>
    public void Read(IModel? model)
    {
        if (Count > 0)
        {
            Clear();
        }

        _model = model;
    }

    public override bool TryGetValue(TemplateContext? context, SourceSpan span, string member, out object? value)
    {
        if (Count > 0 && base.TryGetValue(context, span, member, out value))
        {
            return true;
        }

        value = null;
        var isKnown = _model?.TryGet(member, out value) == true;
        value = ModelValues.Of(value);
        return isKnown;
    }
}
