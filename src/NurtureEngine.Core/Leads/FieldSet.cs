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

    public string? this[string field] => Values.GetValueOrDefault(field);

    /// <summary>
    /// Applies the fields that a sender named: null clears, an empty text never overwrites, and a field that a newer fact
    /// has settled stays. The same set comes back where nothing changed.
    /// </summary>
    public FieldSet With(IEnumerable<KeyValuePair<string, string?>> patch, Stamp stamp)
    {
        var (values, stamps) = (Values, Stamps);
        foreach (var (field, value) in patch)
        {
            if (value is { Length: 0 } || (stamps.TryGetValue(field, out var known) && !stamp.Replaces(known)))
            {
                continue;
            }

            values = value is null ? values.Remove(field) : values.SetItem(field, value);
            stamps = stamps.SetItem(field, stamp);
        }

        return ReferenceEquals(stamps, Stamps) && ReferenceEquals(values, Values) ? this : new FieldSet(values, stamps);
    }
}
