using System.Text;
using System.Text.RegularExpressions;

namespace NurtureEngine.Channels.Email.Smtp;

/// <summary>A server's reply: its code, the enhanced status code (RFC 2034) where it gives one, and its lines without codes.</summary>
internal sealed partial record SmtpReply(int Code, string? Enhanced, IReadOnlyList<string> Lines)
{
    /// <summary>The server ends the connection with this.</summary>
    public bool IsClosing => Code == 421;

    public string Text => string.Join(' ', Lines);

    public static SmtpReply Of(int code, IReadOnlyList<string> lines) => new(code, EnhancedOf(lines[0]), lines);

    /// <summary>As it is kept and shown: without addresses of people, and no longer than a line.</summary>
    public string Shown() => Clean($"{Code} {Text}");

    /// <summary>What a server said, without addresses of people and control characters, and no longer than a line.</summary>
    public static string Clean(string said)
    {
        var text = Address().Replace(said, "<…>");
        return string.Concat(text.EnumerateRunes().Where(rune => !Rune.IsControl(rune)).Take(300));
    }

    private static string? EnhancedOf(string line) =>
        Status().Match(line) is { Success: true } match ? match.Groups[1].Value : null;

    [GeneratedRegex(@"^([245]\.\d{1,3}\.\d{1,3})(?:\s|$)")]
    private static partial Regex Status();

    [GeneratedRegex(@"<?[^\s<>@:;,]+@[^\s<>@:;,]+>?")]
    private static partial Regex Address();
}
