using System.Collections.Immutable;

namespace NurtureEngine.Core.Gates;

/// <summary>The last check before a touch leaves: the first rule that objects decides. Without a rule of the list it is another gate.</summary>
public sealed record Gate(ImmutableArray<GateRule> Rules)
{
    /// <summary>All rules, in the order in which they are asked.</summary>
    public static Gate Complete { get; } = new(GateRules.All);

    public Verdict Decide(GateView view)
    {
        foreach (var rule in Rules)
        {
            if (rule.Judge(view) is { } verdict)
            {
                return verdict;
            }
        }

        return new Verdict.Pass();
    }
}

/// <summary>One rule: null where it does not object.</summary>
public sealed record GateRule(string Name, Func<GateView, Verdict?> Judge);
