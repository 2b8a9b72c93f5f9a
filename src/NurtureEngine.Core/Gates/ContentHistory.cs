using System.Collections.Immutable;

namespace NurtureEngine.Core.Gates;

/// <summary>The contents that the leads of a group have had, or are about to have.</summary>
public sealed class ContentHistory
{
    private readonly Dictionary<long, HashSet<string>> _had = [];

    public void Add(long lead, string content)
    {
        if (!_had.TryGetValue(lead, out var had))
        {
            _had[lead] = had = new HashSet<string>(StringComparer.Ordinal);
        }

        had.Add(content);
    }

    public IReadOnlySet<string> Of(long lead) =>
        _had.TryGetValue(lead, out var had) ? had : ImmutableHashSet<string>.Empty;
}
