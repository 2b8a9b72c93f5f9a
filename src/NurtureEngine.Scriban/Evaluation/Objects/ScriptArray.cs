using System.Collections;

namespace NurtureEngine.Scriban.Evaluation.Objects;

/// <summary>A list; it may bear members of its own, as Scriban's arrays do.</summary>
internal sealed class ScriptArray : IEnumerable<object?>
{
    private readonly List<object?> _items;

    public ScriptArray()
        : this([]) { }

    public ScriptArray(IEnumerable<object?> items)
        : this([.. items]) { }

    private ScriptArray(List<object?> items) => _items = items;

    public ScriptObject? Members { get; private set; }

    public int Count => _items.Count;

    /// <summary>A list that takes these items as its own; nobody else changes them.</summary>
    public static ScriptArray Over(List<object?> items) => new(items);

    /// <summary>Whether it is a list of the model, which is not changed.</summary>
    public bool IsFixed { get; private init; }

    /// <summary>
    /// A list of the model. An item without a value is as absent as such a field, and a list within it is a list too.
    /// </summary>
    public static ScriptArray OfModel(IEnumerable<object?> items, Absent absent) =>
        new([
            .. items.Select(item =>
                item switch
                {
                    null => absent,
                    string text when string.IsNullOrWhiteSpace(text) => absent,
                    IEnumerable<object?> inner and not ScriptArray => OfModel(inner, absent),
                    _ => item,
                }
            ),
        ])
        {
            IsFixed = true,
        };

    /// <summary>An item by position, from the end where it is negative; null where there is none.</summary>
    public object? this[long index] =>
        Position(index) is var position && position >= 0 && position < _items.Count ? _items[(int)position] : null;

    public bool Has(long index) => Position(index) is var position && position >= 0 && position < _items.Count;

    public void Set(long index, object? value)
    {
        var position = (int)Position(index);
        while (_items.Count <= position)
        {
            _items.Add(null);
        }

        _items[position] = value;
    }

    public void SetMember(string name, object? value) => (Members ??= new ScriptObject()).Set(name, value);

    /// <summary>The list without its first items; its members stay.</summary>
    public ScriptArray Without(int first) => new(_items.Skip(first)) { Members = Members };

    public IEnumerator<object?> GetEnumerator() => _items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private long Position(long index) => index < 0 ? _items.Count + index : index;
}
