using System.Text.RegularExpressions;
using PhoneNumbers;

namespace NurtureEngine.Core.Leads.Cleaning;

/// <summary>
/// A telephone number in the one form in which it can be compared and dialled from anywhere (ITU-T E.164), read by libphonenumber.
/// </summary>
/// <param name="Text"><c>+</c> and digits; as it was written where that is no number.</param>
/// <param name="Extension">What is dialled behind it; null for nothing.</param>
/// <param name="IsNumber">Whether it is a number that its country gives out.</param>
public sealed partial record PhoneNumber(string Text, string? Extension, bool IsNumber)
{
    private const int LongestExtension = 6;

    private static readonly PhoneNumberUtil Util = PhoneNumberUtil.GetInstance();

    /// <summary>Reads a number; a national one is completed by the country (ISO 3166-1, null for none).</summary>
    public static PhoneNumber Read(string text, string? country)
    {
        // A spreadsheet's number with its decimal, and the Chinese word for an extension.
        var written = Decimal().Replace(text.Trim(), "").Replace("转", " ext ", StringComparison.Ordinal);
        if (written.StartsWith("00", StringComparison.Ordinal))
        {
            written = "+" + written[2..];
        }

        return Parse(written, country)
            // In China an extension is written behind the number like one of its groups.
            ?? (
                LastGroup().Match(written) is { Success: true } match
                && Parse(match.Groups["number"].Value, country) is { Extension: null } number
                && number.Text.StartsWith("+86", StringComparison.Ordinal)
                    ? number with
                    {
                        Extension = match.Groups["extension"].Value,
                    }
                    : null
            )
            ?? new PhoneNumber(text, null, IsNumber: false);
    }

    private static PhoneNumber? Parse(string text, string? country)
    {
        try
        {
            var number = Util.Parse(text, country);
            // A second number behind the first is no extension of it.
            return Util.IsValidNumber(number) && number.Extension.Length <= LongestExtension
                ? new PhoneNumber(
                    Util.Format(number, PhoneNumberFormat.E164),
                    number.HasExtension ? number.Extension : null,
                    IsNumber: true
                )
                : null;
        }
        catch (NumberParseException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"(?<=\d)\.0+$")]
    private static partial Regex Decimal();

    [GeneratedRegex(@"^(?<number>.*\d)-(?<extension>\d{1,6})$")]
    private static partial Regex LastGroup();
}
