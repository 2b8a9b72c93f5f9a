using System.Collections.Frozen;

namespace NurtureEngine.Core.Leads.Cleaning;

/// <summary>Telephone numbers in the one form in which they can be compared and dialled from anywhere (ITU-T E.164).</summary>
public static class PhoneNumber
{
    private const int Fewest = 7;
    private const int Most = 15;

    // Where the leading zero is part of the number, or there is none to leave out.
    private static readonly FrozenSet<string> KeepsZero = new[] { "39", "225", "241", "242" }.ToFrozenSet();

    /// <summary>
    /// The number as <c>+</c> and its digits; a national one is completed by the country (ISO 3166-1). A text that is no such number
    /// stays as it is.
    /// </summary>
    public static string Normalise(string text, string? country)
    {
        var number = WithoutExtension(text.Trim());
        var digits = new string([.. number.Where(char.IsAsciiDigit)]);
        if (number.Any(c => !char.IsAsciiDigit(c) && !IsSeparator(c)))
        {
            return text;
        }

        if (number.StartsWith('+') || number.StartsWith("(+", StringComparison.Ordinal))
        {
            // A zero in brackets is for those who dial within the country.
            digits = number.Contains("(0)", StringComparison.Ordinal)
                ? new string([.. number.Replace("(0)", "", StringComparison.Ordinal).Where(char.IsAsciiDigit)])
                : digits;
        }
        else if (digits.StartsWith("00", StringComparison.Ordinal))
        {
            digits = digits[2..];
        }
        else if (CallingCodes.Of(country) is { } code)
        {
            digits = code + (KeepsZero.Contains(code) ? digits : digits.TrimStart('0'));
        }
        else
        {
            return text;
        }

        return digits.Length is >= Fewest and <= Most && digits[0] != '0' ? "+" + digits : text;
    }

    private static string WithoutExtension(string text)
    {
        foreach (var word in new[] { "ext", "转", ";ext=", "#" })
        {
            var at = text.IndexOf(word, StringComparison.OrdinalIgnoreCase);
            text = at > 0 ? text[..at].TrimEnd(' ', ',', '.', ';') : text;
        }

        return text;
    }

    private static bool IsSeparator(char c) => c is '+' or ' ' or '-' or '(' or ')' or '.' or '/' or '\u00a0' or '–';
}
