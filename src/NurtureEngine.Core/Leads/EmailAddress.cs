using System.Collections.Frozen;
using System.Text;

namespace NurtureEngine.Core.Leads;

/// <summary>
/// Rules on e-mail addresses: one mailbox, in however many spellings, has one <see cref="Identity"/>, and is written to as <see cref="Mailable"/>.
/// </summary>
public static class EmailAddress
{
    // RFC 5321 section 4.5.3.1: a path may have 256 octets, its angle brackets included, and a local part 64.
    private const int MaxLength = 254;
    private const int MaxLocal = 64;

    // RFC 5322 section 3.2.3, without what only quoted local parts may hold: no mailbox of a person needs those.
    private const string LocalMarks = "!#$%&'*+-/=?^_`{|}~.";

    // Top-level domains that the Internet's name servers never answer for: special uses (RFC 6761, 6762, 7686), reserved for networks of their own by
    // ICANN, and those that home and office networks take by custom.
    private static readonly FrozenSet<string> InnerTops = FrozenSet.Create(
        StringComparer.Ordinal,
        [
            "local",
            "localhost",
            "localdomain",
            "internal",
            "invalid",
            "lan",
            "home",
            "corp",
            "intranet",
            "private",
            "onion",
            "arpa",
        ]
    );

    /// <summary>Whether a text is one bare address that can be written to from outside its own network.</summary>
    public static bool IsValid(string text) => Parse(text) is not null;

    /// <summary>Whether a text is one bare address, perhaps of the operator's own network, such as <c>sales@intranet</c>.</summary>
    public static bool IsValidWithin(string text) => Parse(text, isWithin: true) is not null;

    /// <summary>
    /// The form under which suppression, consent, caps and matching hold: without format characters and blanks around it, full-width forms as the usual
    /// ones, Unicode NFC, in lower case, the domain in A-labels. Of what is no address, the same without the domain's form.
    /// </summary>
    public static string Identity(string address) =>
        Parse(address, isWithin: true) is var (local, domain)
            ? $"{Fold(local)}@{domain}"
            : Clean(address).ToLowerInvariant().Normalize(NormalizationForm.FormC);

    /// <summary>
    /// The form that goes on the envelope: as <see cref="Identity"/>, but with the case of the local part, which is the receiving system's affair
    /// (RFC 5321, section 2.4). Of what is no address, the text itself.
    /// </summary>
    public static string Mailable(string address) =>
        Parse(address, isWithin: true) is var (local, domain) ? $"{local}@{domain}" : address;

    private static (string Local, string Domain)? Parse(string text, bool isWithin = false)
    {
        var clean = Clean(text);
        var at = clean.LastIndexOf('@');
        if (at <= 0 || !IsLocal(clean[..at]) || DomainName.ToAscii(clean[(at + 1)..]) is not { } domain)
        {
            return null;
        }

        // One label is a name within a network, and a last one in digits is no name.
        var local = clean[..at];
        return
            (isWithin || domain.Contains('.', StringComparison.Ordinal) && !IsInner(TopOf(domain)))
            && !TopOf(domain).All(char.IsAsciiDigit)
            && Encoding.UTF8.GetByteCount(local) <= MaxLocal
            && Encoding.UTF8.GetByteCount(local) + 1 + domain.Length <= MaxLength
            ? (local, domain)
            : null;
    }

    private static string TopOf(string domain) => domain[(domain.LastIndexOf('.') + 1)..];

    private static bool IsInner(string top) => top.Length == 1 || InnerTops.Contains(top);

    private static string Clean(string text) => DomainName.WithoutFormat(text).Trim();

    private static bool IsLocal(string local) =>
        local[0] != '.'
        && local[^1] != '.'
        && !local.Contains("..", StringComparison.Ordinal)
        && local.EnumerateRunes().All(rune => rune.IsAscii ? IsLocal((char)rune.Value) : DomainName.IsText(rune));

    private static bool IsLocal(char c) =>
        char.IsAsciiLetterOrDigit(c) || LocalMarks.Contains(c, StringComparison.Ordinal);

    // Of the two small sigmas one is the other at the end of a word, and a capital one tells them not apart.
    private static string Fold(string local) =>
        local.ToLowerInvariant().Replace('ς', 'σ').Normalize(NormalizationForm.FormC);
}
