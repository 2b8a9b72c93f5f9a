using System.Globalization;
using System.Text;

namespace NurtureEngine.Core.Leads;

/// <summary>
/// Domain names as mail systems write them: mapped by UTS 46, nontransitional (ß, ς are letters of their own), then in A-labels (RFC 5890). The
/// platform's own mapping is not used: which of the two ways it goes depends on the version of its ICU.
/// </summary>
public static class DomainName
{
    private const string Prefix = "xn--";
    private const int MaxLabel = 63;
    private const int MaxName = 253;

    // Whatever is ignored in it, no name is longer.
    private const int MostText = 1_000;

    /// <summary>The name in A-labels and lower case, without a dot at its end; null where it is none.</summary>
    public static string? ToAscii(string name)
    {
        if (name.Length > MostText)
        {
            return null;
        }

        var mapped = Map(name);
        mapped = mapped.EndsWith('.') ? mapped[..^1] : mapped;
        var labels = mapped.Split('.').Select(ToAsciiLabel).ToList();
        if (labels.Contains(null))
        {
            return null;
        }

        var ascii = string.Join('.', labels);
        return ascii.Length <= MaxName ? ascii : null;
    }

    /// <summary>A text in NFC, without characters that nobody sees, and with the usual forms of full-width and half-width characters.</summary>
    public static string WithoutFormat(string text)
    {
        if (Ascii.IsValid(text))
        {
            return text;
        }

        var kept = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (IsIgnored(rune))
            {
                continue;
            }

            if (rune.Value is 0xFFFE or 0xFFFF)
            {
                // No character, and the platform composes no text that holds one.
                kept.Append(Rune.ReplacementChar.ToString());
                continue;
            }

            kept.Append(
                rune.Value is >= 0xFF00 and <= 0xFFEF or >= 0xFE50 and <= 0xFE6F
                    ? rune.ToString().Normalize(NormalizationForm.FormKC)
                    : rune.ToString()
            );
        }

        return kept.ToString().Normalize(NormalizationForm.FormC);
    }

    /// <summary>Whether a character may stand in a name: no control, blank, private or damaged one.</summary>
    internal static bool IsText(Rune rune) =>
        rune != Rune.ReplacementChar
        && Rune.GetUnicodeCategory(rune)
            is not (
                UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.Surrogate
                or UnicodeCategory.PrivateUse
                or UnicodeCategory.OtherNotAssigned
                or UnicodeCategory.SpaceSeparator
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator
            );

    // UTS 46, section 4, steps 1 and 2: what is ignored goes, the rest is folded and composed.
    private static string Map(string name)
    {
        var folded = WithoutFormat(name)
            .Replace("İ", "i̇", StringComparison.Ordinal)
            .Normalize(NormalizationForm.FormKC)
            .ToLowerInvariant()
            .Normalize(NormalizationForm.FormKC);
        return folded.Replace('。', '.').Replace('．', '.').Replace('｡', '.');
    }

    private static string? ToAsciiLabel(string label)
    {
        var unicode = label;
        if (label.StartsWith(Prefix, StringComparison.Ordinal))
        {
            // An A-label in another spelling of the same name is brought to the one that it would be made as.
            if (!Ascii.IsValid(label) || Punycode.Decode(label[Prefix.Length..]) is not { } decoded)
            {
                return null;
            }

            unicode = Map(decoded);
            if (Ascii.IsValid(unicode) || unicode.Contains('.', StringComparison.Ordinal))
            {
                return null;
            }
        }

        if (!unicode.EnumerateRunes().All(IsAllowed) || unicode.StartsWith('-') || unicode.EndsWith('-'))
        {
            return null;
        }

        var ascii = Ascii.IsValid(unicode) ? unicode : Prefix + Punycode.Encode(unicode);
        return ascii.Length is > 0 and <= MaxLabel ? ascii : null;
    }

    private static bool IsAllowed(Rune rune) =>
        rune.IsAscii ? rune.Value is '-' or '_' || char.IsAsciiLetterOrDigit((char)rune.Value) : IsText(rune);

    // Format characters (Cf), and the marks that UTS 46 maps to nothing: the joiner of graphemes, Mongolian and other variation selectors.
    private static bool IsIgnored(Rune rune) =>
        Rune.GetUnicodeCategory(rune) == UnicodeCategory.Format
        || rune.Value is 0x034F or >= 0x180B and <= 0x180F or >= 0xFE00 and <= 0xFE0F or >= 0xE0100 and <= 0xE01EF;
}
