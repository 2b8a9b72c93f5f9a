using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace NurtureEngine.Core.Intake.WeChat;

/// <summary>A message or event that WeChat pushes (WeChat, "receiving messages", "receiving event pushes").</summary>
public sealed class WeChatPush
{
    private const int Longest = 64 * 1024;

    // WeChat's own have four levels.
    private const int Deepest = 16;

    // Locations are not needed.
    private static readonly string[] Places =
    [
        "Location_X",
        "Location_Y",
        "Label",
        "Scale",
        "Latitude",
        "Longitude",
        "Precision",
        "SendLocationInfo",
        "Poiname",
    ];

    private readonly XElement _root;

    private WeChatPush(XElement root) => _root = root;

    /// <summary>The cipher text that the push holds; null for none. The other elements are not trusted.</summary>
    public string? CipherText => Text("Encrypt");

    /// <summary>Who did something: the follower's id, which only this account knows them by.</summary>
    public string OpenId => Text("FromUserName") ?? "";

    /// <summary>When, to the second.</summary>
    public DateTimeOffset At => Instant(Text("CreateTime") ?? "") ?? DateTimeOffset.UnixEpoch;

    /// <summary>What it is, in lower case: <c>event</c>, or a message's type such as <c>text</c>.</summary>
    public string Type => (Text("MsgType") ?? "").ToLowerInvariant();

    /// <summary>The event, in lower case, such as <c>subscribe</c>; empty for messages.</summary>
    public string Event => Type == "event" ? (Text("Event") ?? "").ToLowerInvariant() : "";

    /// <summary>What the event is about: a scene, a menu's key or an address; empty for nothing.</summary>
    public string Key => Text("EventKey") ?? "";

    /// <summary>What a text message says; null for other messages.</summary>
    public string? Content => Type == "text" ? Text("Content") : null;

    /// <summary>
    /// The idempotency key, the same at every attempt: a message's own id; for an event its sender, time and content, since two events may share a second.
    /// </summary>
    public string EventId =>
        Type != "event" && Text("MsgId") is { Length: > 0 and <= 40 } id
            ? $"message:{id}"
            : Convert.ToHexStringLower(
                SHA256.HashData(
                    Encoding.UTF8.GetBytes(
                        string.Join('\n', OpenId, Text("CreateTime"), Type, Event, Key, Text("MsgId"), Content)
                    )
                )
            );

    /// <summary>Reads a push; null if the text is no XML, holds a document type, or is too long.</summary>
    public static WeChatPush? TryRead(string xml)
    {
        try
        {
            using var reader = XmlReader.Create(
                new StringReader(xml),
                new XmlReaderSettings
                {
                    DtdProcessing = DtdProcessing.Prohibit,
                    XmlResolver = null,
                    MaxCharactersInDocument = Longest,
                }
            );
            return XDocument.Load(reader).Root is { } root && root.DescendantsAndSelf().All(IsShallow)
                ? new WeChatPush(root)
                : null;
        }
        catch (XmlException)
        {
            return null;
        }
    }

    /// <summary>Whether sender, time, type and event are there.</summary>
    public bool IsWhole =>
        OpenId.Length is > 0 and <= 100
        && !OpenId.Contains('\0', StringComparison.Ordinal)
        && Type.Length > 0
        && (Type != "event" || Event.Length > 0)
        && Instant(Text("CreateTime") ?? "") is not null;

    /// <summary>As it is stored: whole, without locations.</summary>
    public byte[] ToBody()
    {
        var kept = new XElement(_root);
        kept.Descendants()
            .Where(element => Places.Contains(element.Name.LocalName, StringComparer.OrdinalIgnoreCase))
            .Remove();
        return Encoding.UTF8.GetBytes(kept.ToString(SaveOptions.DisableFormatting));
    }

    /// <summary>An instant that is written as seconds since 1970; null for another text.</summary>
    internal static DateTimeOffset? Instant(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
        && seconds is >= 0 and <= 4_102_444_800
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;

    private static bool IsShallow(XElement element) => element.Ancestors().Take(Deepest).Count() < Deepest;

    // MsgId of messages is MsgID of events.
    private string? Text(string name) =>
        _root
            .Elements()
            .FirstOrDefault(element => string.Equals(element.Name.LocalName, name, StringComparison.OrdinalIgnoreCase))
            ?.Value;
}
