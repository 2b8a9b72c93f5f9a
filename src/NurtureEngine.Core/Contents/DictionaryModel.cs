using NurtureEngine.Core.Templating;

namespace NurtureEngine.Core.Contents;

/// <summary>A model of named values.</summary>
public sealed class DictionaryModel : Dictionary<string, object?>, IModel
{
    public DictionaryModel()
        : base(StringComparer.Ordinal) { }

    public bool TryGet(string name, out object? value) => TryGetValue(name, out value);
}
