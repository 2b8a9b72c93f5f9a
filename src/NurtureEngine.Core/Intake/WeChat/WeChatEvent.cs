using System.Text;
using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Leads.Consents;
using NurtureEngine.Core.Touches;

namespace NurtureEngine.Core.Intake.WeChat;

/// <summary>What a follower does, as an event of the lead.</summary>
public static class WeChatEvent
{
    /// <summary>The engine's own event: a person followed the account before it was connected.</summary>
    public const string Follower = "follower";

    private const string SourcePrefix = "wechat:";
    private const string ScenePrefix = "qrscene_";

    // The usual words to opt out.
    private static readonly string[] OptOuts = ["退订", "TD", "取消"];

    /// <summary>The source under which the inbox keeps an account's events. Followers are known by it and their openid, which is the account's own.</summary>
    public static string SourceOf(string appId) => $"{SourcePrefix}{appId}";

    /// <summary>Whether a source is an account of WeChat's.</summary>
    public static bool IsSource(string source) => source.StartsWith(SourcePrefix, StringComparison.Ordinal);

    /// <summary>Who did it.</summary>
    public static ExternalKey LeadOf(string source, WeChatPush push) => new(source, push.OpenId);

    /// <summary>The event's type; <c>wechat.…</c> for what is kept and not applied.</summary>
    public static string TypeOf(WeChatPush push) =>
        (push.Type, push.Event) switch
        {
            ("event", "subscribe") => EventTypes.WeChatFollowed,
            ("event", "unsubscribe") => EventTypes.WeChatUnfollowed,
            ("event", "scan") => EventTypes.WeChatScanned,
            ("event", "click") => EventTypes.WeChatMenuClicked,
            ("event", "view") => EventTypes.WeChatPageViewed,
            ("event", Follower) => EventTypes.Updated,
            ("event", var name) => $"wechat.{Word(name)}",
            _ when IsOptOut(push) => EventTypes.WeChatOptedOut,
            _ => EventTypes.Replied,
        };

    /// <exception cref="InvalidDataException">The body is no longer what was accepted.</exception>
    public static CrmEvent Read(string source, byte[] body)
    {
        if (WeChatPush.TryRead(Encoding.UTF8.GetString(body)) is not { IsWhole: true } push)
        {
            throw new InvalidDataException("The push no longer has the shape it was accepted with.");
        }

        var type = TypeOf(push);
        return new CrmEvent
        {
            Type = type,
            Lead = LeadOf(source, push),
            Stamp = new Stamp(null, push.At),
            Consents = type == EventTypes.WeChatOptedOut ? [Withdrawn(push)] : [],
            IsQuiet = push.Event == Follower,
            Activity = EventTypes.IsActivity(type)
                ? new Activity(NameOf(push), null) { Origin = Channel.WeChat }
                : null,
        };
    }

    private static Consent Withdrawn(WeChatPush push) =>
        new(Channel.WeChat, Consent.Marketing, Granted: false, "wechat:opted_out", push.At);

    // Full-width letters and punctuation do not count.
    private static bool IsOptOut(WeChatPush push) =>
        push.Content is { } said
        && OptOuts.Contains(
            new string([.. said.Normalize(NormalizationForm.FormKC).Where(char.IsLetterOrDigit)]),
            StringComparer.OrdinalIgnoreCase
        );

    // The scene of a code, a menu's key, an address without its query, or the kind of a message. The text is personal data, and a name is kept for good.
    private static string? NameOf(WeChatPush push)
    {
        var name =
            push.Event == "subscribe" && push.Key.StartsWith(ScenePrefix, StringComparison.Ordinal)
                ? push.Key[ScenePrefix.Length..]
            : push.Event == "view" ? push.Key.Split('?', '#')[0]
            : push.Type == "event" ? push.Key
            : push.Type;
        name = name.Replace("\0", "", StringComparison.Ordinal).Trim();
        return name.Length == 0 ? null
            : name.Length <= Activity.MaxName ? name
            // A lone surrogate can't be stored.
            : name[..(Activity.MaxName - (char.IsHighSurrogate(name[Activity.MaxName - 1]) ? 1 : 0))];
    }

    private static string Word(string name) =>
        name.Length is > 0 and <= 60 && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') ? name : "unknown";
}
