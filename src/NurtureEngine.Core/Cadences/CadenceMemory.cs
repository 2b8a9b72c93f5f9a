namespace NurtureEngine.Core.Cadences;

/// <summary>How long it is remembered when somebody was touched.</summary>
public static class CadenceMemory
{
    /// <summary>The longest window of a cap, and the longest gap.</summary>
    public static readonly TimeSpan LongestWindow = TimeSpan.FromDays(62);
}
