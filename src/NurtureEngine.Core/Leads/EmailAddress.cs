using System.Globalization;
using System.Net.Mail;

namespace NurtureEngine.Core.Leads;

/// <summary>Rules on e-mail addresses.</summary>
public static class EmailAddress
{
    // RFC 5321 section 4.5.3.1: a path may have 256 octets, its angle brackets included.
    private const int MaxLength = 254;

    private static readonly IdnMapping Idn = new();

    /// <summary>Whether a text is one bare address, without a display name, comments or line breaks.</summary>
    public static bool IsValid(string text) =>
        text.Length <= MaxLength
        // Angle brackets and quotes have a meaning of their own in headers and envelopes; no mailbox of a person needs them.
        && !text.Any(c => char.IsControl(c) || char.IsWhiteSpace(c) || c is '<' or '>' or '"' or '\\' or ',' or ';')
        && HasDomain(text)
        && MailAddress.TryCreate(text, out var parsed)
        && string.Equals(parsed.Address, text, StringComparison.Ordinal);

    // As mail systems write a domain (RFC 5891): one that has no such form can't be written to.
    private static bool HasDomain(string text)
    {
        try
        {
            return Idn.GetAscii(text[(text.LastIndexOf('@') + 1)..]).Length > 0;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <summary>The form under which suppression and caps hold: trimmed, lower case.</summary>
    public static string Normalise(string address) => address.Trim().ToLowerInvariant();
}
