using System.Collections.Immutable;

namespace NurtureEngine.Core.Intake;

/// <summary>The types of event a CRM may fire.</summary>
public static class EventTypes
{
    public const string StageChanged = "lead.stage_changed";
    public const string Created = "lead.created";
    public const string Updated = "lead.updated";
    public const string Deleted = "lead.deleted";
    public const string Merged = "lead.merged";

    /// <summary>A row of a file: the engine's own word for it, which no webhook can use.</summary>
    public const string Imported = "engine.lead_imported";

    public const string DealDeleted = "deal.deleted";
    public const string PageVisited = "activity.page_visited";
    public const string FormSubmitted = "activity.form_submitted";
    public const string FileDownloaded = "activity.file_downloaded";
    public const string EventAttended = "activity.event_attended";
    public const string EventMissed = "activity.event_missed";
    public const string MeetingHeld = "activity.meeting_held";
    public const string CallMade = "activity.call_made";
    public const string EmailOpened = "activity.email_opened";
    public const string LinkClicked = "activity.link_clicked";
    public const string Replied = "activity.replied";

    public const string WeChatFollowed = "activity.wechat_followed";
    public const string WeChatUnfollowed = "activity.wechat_unfollowed";
    public const string WeChatScanned = "activity.wechat_scanned";
    public const string WeChatMenuClicked = "activity.wechat_menu_clicked";
    public const string WeChatPageViewed = "activity.wechat_page_viewed";
    public const string WeChatOptedOut = "activity.wechat_opted_out";

    /// <summary>Whether a person ends the contact by it. A lead that becomes known by such an event fires no <c>Nurture.LeadCreated</c>.</summary>
    public static bool IsLeaving(string type) => type is WeChatUnfollowed or WeChatOptedOut;

    private static readonly string[] Families = ["lead.", "deal.", "activity."];

    /// <summary>
    /// The types about leads whose facts are applied, besides deals and activities of any name. The others of the family are kept and
    /// can be replayed once they are.
    /// </summary>
    public static IReadOnlyList<string> Applied { get; } = [StageChanged, Created, Updated, Deleted, Merged];

    /// <summary>What counts as engagement with a message: an opening, a click, or a reply, also by WeChat.</summary>
    public static ImmutableArray<string> Engagement { get; } = [EmailOpened, LinkClicked, Replied];

    public static bool IsActivity(string type) => type.StartsWith("activity.", StringComparison.Ordinal);

    public static bool IsDeal(string type) => type.StartsWith("deal.", StringComparison.Ordinal);

    public static bool IsApplied(string type) =>
        Applied.Contains(type) || ((IsActivity(type) || IsDeal(type)) && IsKnownFamily(type));

    /// <summary>Whether a type belongs to the contract at all: a dot-separated name of one of its families.</summary>
    public static bool IsKnownFamily(string type) =>
        type.Length <= 100
        && Families.Any(family => type.StartsWith(family, StringComparison.Ordinal) && type.Length > family.Length)
        && type.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_');
}
