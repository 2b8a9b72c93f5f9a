using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Leads.Consents;

namespace NurtureEngine.Core.Intake;

/// <summary>What became of a touch after it left, by the word of a mail system or by what its reader did: the engine's own event.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Touch">The touch.</param>
/// <param name="Name">The link that was clicked, without its query, or what a mail system said, without addresses; null where there is none.</param>
/// <param name="Key">What tells it from others of its kind about the same touch; null where it happens once.</param>
public sealed record Feedback(FeedbackKind Kind, Guid Touch, string? Name = null, string? Key = null)
{
    /// <summary>The event's id in the inbox, so that what is reported twice counts once.</summary>
    public string EventId => Key is null ? $"{Word}:{Touch:N}" : $"{Word}:{Touch:N}:{Key}";

    /// <summary>As the touch's history calls it.</summary>
    public string Word =>
        Kind switch
        {
            FeedbackKind.Delivered => "delivered",
            FeedbackKind.Opened => "opened",
            FeedbackKind.Clicked => "clicked",
            FeedbackKind.Replied => "replied",
            FeedbackKind.Unsubscribed => "unsubscribed",
            FeedbackKind.Complained => "complained",
            FeedbackKind.HardBounced => "bounced",
            FeedbackKind.SoftBounced => "bounced_softly",
            FeedbackKind.Scanned => "scanned",
            FeedbackKind.AutoReplied => "auto_replied",
            FeedbackKind.Unknown => "unknown",
            _ => throw new InvalidOperationException($"The feedback '{Kind}' has no name."),
        };

    /// <summary>The event's type: what a lead did with an e-mail is called as a CRM would call it, so that tracks hear of both alike.</summary>
    public string Type =>
        Kind switch
        {
            FeedbackKind.Opened => EventTypes.EmailOpened,
            FeedbackKind.Clicked => EventTypes.LinkClicked,
            FeedbackKind.Replied => EventTypes.Replied,
            _ => $"engine.{Word}",
        };

    /// <summary>Whether a person did it, who is then active, and whom tracks may be waiting for.</summary>
    public bool IsOfPerson =>
        Kind is FeedbackKind.Opened or FeedbackKind.Clicked or FeedbackKind.Replied or FeedbackKind.Unsubscribed;

    /// <summary>Whether the lead wants no more of it: every track ends, and the address gets no marketing.</summary>
    public bool IsRefusal => Kind is FeedbackKind.Unsubscribed or FeedbackKind.Complained;

    /// <summary>Why the lead's address is suppressed by it at once; null where it is not.</summary>
    public string? Suppression =>
        Kind switch
        {
            FeedbackKind.Unsubscribed => SuppressionReason.Unsubscribed,
            FeedbackKind.Complained => SuppressionReason.Complained,
            FeedbackKind.HardBounced => SuppressionReason.Bounced,
            _ => null,
        };

    /// <summary>Whether it shows that the address takes mail.</summary>
    public bool ShowsThatItArrives =>
        Kind
            is FeedbackKind.Delivered
                or FeedbackKind.Opened
                or FeedbackKind.Clicked
                or FeedbackKind.Replied
                or FeedbackKind.AutoReplied;

    public CrmEvent ToEvent(ExternalKey lead, DateTimeOffset at) =>
        new()
        {
            Type = Type,
            Lead = lead,
            Stamp = new Stamp(null, at),
            Activity = IsOfPerson ? new Activity(Name, Touch) : null,
            Feedback = this,
        };
}

/// <summary>What became of a touch after it left.</summary>
public enum FeedbackKind
{
    /// <summary>The recipient's mail system has it.</summary>
    Delivered,

    Opened,

    Clicked,

    Replied,

    /// <summary>The lead wants no more.</summary>
    Unsubscribed,

    /// <summary>The lead called it spam.</summary>
    Complained,

    /// <summary>The address takes no mail.</summary>
    HardBounced,

    /// <summary>The address took no mail for the time being.</summary>
    SoftBounced,

    /// <summary>A machine looked at its links or pictures.</summary>
    Scanned,

    /// <summary>A machine answered, such as an out-of-office note.</summary>
    AutoReplied,

    /// <summary>Something came back of which it can't be told whether a person wrote it; it counts as nobody's answer.</summary>
    Unknown,
}
