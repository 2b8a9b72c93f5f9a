namespace NurtureEngine.Postgres;

/// <summary>Part of a list; <paramref name="Next"/> is the key behind which the next part begins, null at the end.</summary>
public sealed record Page<TItem, TKey>(IReadOnlyList<TItem> Items, TKey? Next)
    where TKey : struct;

internal static class Page
{
    /// <summary>Makes a page of at most <paramref name="limit"/> from a query that asked for one row more.</summary>
    public static Page<TItem, TKey> Of<TItem, TKey>(List<TItem> rows, int limit, Func<TItem, TKey> key)
        where TKey : struct =>
        rows.Count > limit ? new(rows.GetRange(0, limit), key(rows[limit - 1])) : new(rows, null);
}
