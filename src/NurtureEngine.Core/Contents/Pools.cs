using System.Collections.Immutable;

namespace NurtureEngine.Core.Contents;

/// <summary>The pools of content as they stand, each in the order in which its pieces are given.</summary>
public sealed class Pools
{
    private const int UsualPriority = 50;
    private readonly ImmutableSortedDictionary<string, ImmutableArray<string>> _pieces;

    private Pools(ImmutableSortedDictionary<string, ImmutableArray<string>> pieces) => _pieces = pieces;

    public static Pools None { get; } = Of([]);

    public IEnumerable<string> Names => _pieces.Keys;

    public static Pools Of(IEnumerable<ContentSource> contents) =>
        new(
            contents
                .Where(content => !string.IsNullOrEmpty(content.Pool))
                .GroupBy(content => content.Pool!, StringComparer.Ordinal)
                .ToImmutableSortedDictionary(
                    pool => pool.Key,
                    pool =>
                        pool.OrderByDescending(content => content.PoolPriority ?? UsualPriority)
                            .ThenBy(content => content.Key, StringComparer.Ordinal)
                            .Select(content => content.Key)
                            .ToImmutableArray(),
                    StringComparer.Ordinal
                )
        );

    /// <summary>The pieces of a pool in their order; none where there is no such pool.</summary>
    public IReadOnlyList<string> PiecesOf(string pool) => _pieces.GetValueOrDefault(pool, []);

    /// <summary>The first piece of a pool that a lead has not had; null where they have had all.</summary>
    public string? Next(string pool, IReadOnlySet<string> had) =>
        _pieces.GetValueOrDefault(pool, []).FirstOrDefault(piece => !had.Contains(piece));
}
