namespace NurtureEngine.Core.Touches;

/// <summary>When an address that takes no mail for the time being counts as one that takes none.</summary>
public static class SoftBounces
{
    /// <summary>So many in a row, with nothing that arrived between them,</summary>
    public const int Most = 5;

    /// <summary>over at least this time.</summary>
    public static readonly TimeSpan Over = TimeSpan.FromDays(14);
}
