using NurtureEngine.Core.Leads;

namespace NurtureEngine.Core.Facts;

/// <summary>The names that a batch gives to leads or accounts that had others.</summary>
public sealed class NewNames
{
    private readonly Dictionary<ExternalKey, ExternalKey> _keys = [];
    private readonly Dictionary<(ExternalKey Key, string Source), ExternalKey> _bySource = [];

    /// <summary>Each with the first name of who bears it from now on.</summary>
    public IReadOnlyDictionary<ExternalKey, ExternalKey> All => _keys;

    internal void Add(ExternalKey name, ExternalKey key)
    {
        _keys[name] = key;
        _bySource[(key, name.Source)] = name;
    }

    /// <summary>Whether the name was taken for somebody whom the batch has already given another name of the same source.</summary>
    internal bool IsSecond(ExternalKey name, IReadOnlyDictionary<ExternalKey, KnownName> known) =>
        known.TryGetValue(name, out var found)
        && found.Kind == NameKind.Found
        && _bySource.TryGetValue((found.Key, name.Source), out var given)
        && given != name;
}
