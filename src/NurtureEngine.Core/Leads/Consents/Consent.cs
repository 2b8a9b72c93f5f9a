namespace NurtureEngine.Core.Leads.Consents;

/// <summary>A lead's latest word on one channel and purpose; <paramref name="Origin"/> is where it was given or withdrawn.</summary>
public sealed record Consent(string Channel, string Purpose, bool Granted, string Origin, DateTimeOffset At)
{
    public const string Marketing = "marketing";

    /// <summary>The date of a word that nobody has dated: it holds only where nothing is known, and any other word replaces it.</summary>
    public static readonly DateTimeOffset Undated = new(1900, 1, 1, 0, 0, 0, TimeSpan.Zero);
}
