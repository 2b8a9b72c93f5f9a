namespace NurtureEngine.Scriban.Evaluation.Objects;

/// <summary>
/// An object that the template made, its members in the order they were added. A fixed one belongs to no rendering and is
/// never changed.
/// </summary>
internal sealed class ScriptObject(bool isFixed = false) : IModel
{
    public bool IsFixed => isFixed;

    private Dictionary<string, object?>? _members;
    private HashSet<string>? _readOnly;

    public int Count => _members?.Count ?? 0;

    public IEnumerable<KeyValuePair<string, object?>> Members => _members ?? [];

    public bool TryGet(string name, out object? value)
    {
        value = null;
        return _members?.TryGetValue(name, out value) == true;
    }

    public bool IsReadOnly(string name) => isFixed || _readOnly?.Contains(name) == true;

    public void MakeReadOnly(string name)
    {
        if (!isFixed)
        {
            (_readOnly ??= new(StringComparer.Ordinal)).Add(name);
        }
    }

    public void Remove(string name) => _members?.Remove(name);

    public void Set(string name, object? value)
    {
        if (isFixed)
        {
            throw new InvalidOperationException("A fixed object is shared by all renderings and can't be changed.");
        }

        (_members ??= new(StringComparer.Ordinal))[name] = value;
    }
}
