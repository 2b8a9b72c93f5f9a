using System.Net.Mail;

namespace NurtureEngine.Core.Leads;

/// <summary>Rules on e-mail addresses.</summary>
public static class EmailAddress
{
    // RFC 5321 section 4.5.3.1: a path may have 256 octets, its angle brackets included.
    private const int MaxLength = 254;

    /// <summary>Whether a text is one bare address, without a display name, comments or line breaks.</summary>
    public static bool IsValid(string text) =>
        text.Length <= MaxLength
        && !text.Any(c => char.IsControl(c) || char.IsWhiteSpace(c))
        && MailAddress.TryCreate(text, out var parsed)
        && string.Equals(parsed.Address, text, StringComparison.Ordinal);

    /// <summary>The form under which suppression and caps hold: trimmed, lower case.</summary>
    public static string Normalise(string address) => address.Trim().ToLowerInvariant();
}
