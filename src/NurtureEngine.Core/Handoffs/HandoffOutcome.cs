namespace NurtureEngine.Core.Handoffs;

/// <summary>What becomes of a hand-off, in the words that are kept.</summary>
public static class HandoffOutcome
{
    public const string Offered = "offered";
    public const string Accepted = "accepted";
    public const string Rejected = "rejected";

    /// <summary>Given back to nurturing, by sales that had accepted it or not.</summary>
    public const string Recycled = "recycled";

    public static IReadOnlyList<string> All { get; } = [Offered, Accepted, Rejected, Recycled];

    /// <summary>The kind of signal that tells the track.</summary>
    public static string SignalOf(string outcome) => $"handoff.{outcome}";

    /// <summary>The outcomes that another one may follow.</summary>
    public static string[] Before(string outcome) => outcome == Recycled ? [Offered, Accepted] : [Offered];
}
