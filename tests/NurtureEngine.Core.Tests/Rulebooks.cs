using System.Collections.Immutable;
using NurtureEngine.Core.Rulebooks;

namespace NurtureEngine.Core.Tests;

/// <summary>A rulebook for tests.</summary>
internal static class Rulebooks
{
    public static Rulebook Default { get; } =
        new()
        {
            Version = 1,
            LifeCycles =
            [
                new LifeCycle(
                    "customer",
                    [new Stage("RL", "Aware"), new Stage("MQL", "Appeal"), new Stage("SQL", "Ask")]
                ),
                new LifeCycle("partner", [new Stage("Found", null), new Stage("Developed", null)]),
            ],
            Senders = ImmutableSortedDictionary<string, Sender>.Empty.Add(
                "default",
                new Sender("N", "n@example.com", null, "N", "Street 1")
            ),
        };
}
