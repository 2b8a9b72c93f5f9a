using System.Globalization;

namespace NurtureEngine.Host.Demo.Figures;

/// <summary>What a demo has done, counted by itself, to be held against what the engine's tables say of it.</summary>
internal sealed class DemoLedger
{
    private readonly Dictionary<string, long> _counts = [];

    public void Add(string figure, long count = 1) => _counts[figure] = _counts.GetValueOrDefault(figure) + count;

    /// <summary>Every figure in which the engine's tables say something else, as a sentence.</summary>
    public IReadOnlyList<string> Differences(IReadOnlyDictionary<string, long> engine) =>
        [
            .. _counts
                .Keys.Union(engine.Keys)
                .Order(StringComparer.Ordinal)
                .Where(figure => _counts.GetValueOrDefault(figure) != engine.GetValueOrDefault(figure))
                .Select(figure =>
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{figure}: the demo did {_counts.GetValueOrDefault(figure)}, the engine's tables say {engine.GetValueOrDefault(figure)}"
                    )
                ),
        ];
}
