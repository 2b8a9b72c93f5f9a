namespace NurtureEngine.Core.Leads;

/// <summary>A lead's latest word on one channel and purpose; <paramref name="Origin"/> is where it was given or withdrawn.</summary>
public sealed record Consent(string Channel, string Purpose, bool Granted, string Origin, DateTimeOffset At)
{
    public const string Marketing = "marketing";

    /// <summary>Whether nobody has said when it was given: it then holds only where nothing is known, and never against a refusal.</summary>
    public bool IsUndated { get; init; }
}
