using System.Collections.Immutable;

namespace NurtureEngine.Core.Tracks.Flows;

/// <summary>
/// What has arrived at a step with several forward connections: for each, how often more than the step was passed, and
/// whether the last arrival came or was a dead branch. Nothing is kept of a step where all are even.
/// </summary>
public sealed record Arrivals(ImmutableArray<(int Ahead, bool Came)> Branches)
{
    public static Arrivals None(int branches) => new([.. Enumerable.Repeat((0, false), branches)]);

    public bool IsEven => Branches.All(branch => branch.Ahead == 0);

    public Arrivals With(int branch, bool came) => new(Branches.SetItem(branch, (Branches[branch].Ahead + 1, came)));

    /// <summary>After the step was passed once.</summary>
    public Arrivals Passed() => new([.. Branches.Select(branch => (branch.Ahead - 1, branch.Came))]);

    /// <summary>What becomes of the step when that branch has just arrived.</summary>
    public Arrival Judge(JoinMode mode, int branch)
    {
        var most = Branches.Max(b => b.Ahead);
        var areAllHere = Branches.Min(b => b.Ahead) > 0;
        var hasCome = most > 0 && Branches.Any(b => b.Ahead == most && b.Came);
        return mode switch
        {
            JoinMode.WaitAny when Branches[branch].Ahead <= 0 => Arrival.Wait,
            JoinMode.WaitAny when hasCome => Arrival.Enter,
            _ when !areAllHere => Arrival.Wait,
            JoinMode.WaitAll => Branches.All(b => b.Ahead == most && b.Came) ? Arrival.Enter : Arrival.Skip,
            _ => hasCome ? Arrival.Enter : Arrival.Skip,
        };
    }

    // By value: two enrollments that stand alike are alike.
    public bool Equals(Arrivals? other) => other is not null && Branches.SequenceEqual(other.Branches);

    public override int GetHashCode() => Branches.Length;
}

/// <summary>What an arrival leads to.</summary>
public enum Arrival
{
    Wait,
    Enter,

    /// <summary>No branch can come any more: what is behind the step is dead too.</summary>
    Skip,
}
