namespace NurtureEngine.Core.Leads.Consents;

/// <summary>Why an address must not be contacted.</summary>
public static class SuppressionReason
{
    /// <summary>Its owner wants no marketing.</summary>
    public const string Unsubscribed = "unsubscribed";

    /// <summary>Its owner called a message spam.</summary>
    public const string Complained = "complained";

    /// <summary>It takes no mail.</summary>
    public const string Bounced = "bounced";

    /// <summary>Whether it is marketing only that it forbids.</summary>
    public static bool IsOfMarketing(string reason) => reason is Unsubscribed or Complained;
}
