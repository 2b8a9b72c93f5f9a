namespace NurtureEngine.Core.Cadences;

/// <summary>
/// What a pause held back goes on as it would have come, beginning now, so that nothing bursts: what fell due in the first hour
/// of the pause goes on in the first hour after it. A longer pause than this is pressed together into this.
/// </summary>
public static class Resumption
{
    public static readonly TimeSpan Within = TimeSpan.FromDays(1);
}
