using System.Collections.Immutable;

namespace NurtureEngine.Core.Leads;

/// <summary>
/// The known fields of a lead or account, each with the stamp of the fact it came from, so that late facts fill gaps and
/// never overwrite newer ones. A field that was cleared has a stamp and no value.
/// </summary>
public sealed record FieldSet(
    ImmutableSortedDictionary<string, string> Values,
    ImmutableSortedDictionary<string, Stamp> Stamps
)
{
    public static FieldSet Empty { get; } =
        new(
            ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal),
            ImmutableSortedDictionary.Create<string, Stamp>(StringComparer.Ordinal)
        );

    /// <summary>The set without some fields: those of a name, and of one that ends with a dot all that begin so.</summary>
    public FieldSet Without(IReadOnlyCollection<string> hidden)
    {
        var gone = Values
            .Keys.Where(field =>
                hidden.Any(name =>
                    field == name || (name.EndsWith('.') && field.StartsWith(name, StringComparison.Ordinal))
                )
            )
            .ToList();
        return gone.Count == 0 ? this : new FieldSet(Values.RemoveRange(gone), Stamps.RemoveRange(gone));
    }

    public string? this[string field] => Values.GetValueOrDefault(field);

    /// <summary>
    /// Applies the fields that a sender named: null clears, an empty text never overwrites, and a field that a newer fact
    /// has settled stays. The same set comes back where nothing changed.
    /// </summary>
    public FieldSet With(IEnumerable<KeyValuePair<string, string?>> patch, Stamp stamp)
    {
        ImmutableSortedDictionary<string, string>.Builder? values = null;
        ImmutableSortedDictionary<string, Stamp>.Builder? stamps = null;
        foreach (var (field, value) in patch)
        {
            var isKnown = stamps?.TryGetValue(field, out var known) ?? Stamps.TryGetValue(field, out known);
            if (value is { Length: 0 } || (isKnown && !stamp.Replaces(known)))
            {
                continue;
            }

            (values, stamps) = (values ?? Values.ToBuilder(), stamps ?? Stamps.ToBuilder());
            if (value is null)
            {
                values.Remove(field);
            }
            else
            {
                values[field] = value;
            }

            stamps[field] = stamp;
        }

        return values is null || stamps is null ? this : new FieldSet(values.ToImmutable(), stamps.ToImmutable());
    }
}
