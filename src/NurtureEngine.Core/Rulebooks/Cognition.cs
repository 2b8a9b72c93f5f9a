using System.Collections.Immutable;

namespace NurtureEngine.Core.Rulebooks;

/// <summary>The stages of the buyer's cognition (5A), in the order in which they are usually gone through.</summary>
public static class Cognition
{
    public static readonly ImmutableArray<string> All = ["Aware", "Appeal", "Ask", "Act", "Advocate"];
}
