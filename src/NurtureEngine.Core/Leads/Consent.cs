namespace NurtureEngine.Core.Leads;

/// <summary>A lead's latest word on one channel and purpose; <paramref name="Origin"/> is where it was given or withdrawn.</summary>
public sealed record Consent(string Channel, string Purpose, bool Granted, string Origin, DateTimeOffset At)
{
    public const string Marketing = "marketing";
}
