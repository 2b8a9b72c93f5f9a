using System.Globalization;
using System.Text;

namespace NurtureEngine.Scriban.Functions.Dates;

/// <summary>
/// Scriban's date letters, which are Ruby's strftime's. <c>%g</c> prints nothing and makes the whole culture-invariant; alone it
/// stands for the default pattern. An unknown letter stays as it is written.
/// </summary>
internal static class DateFormat
{
    public const string Default = "%d %b %Y";

    public static string Write(DateTimeOffset date, string pattern, CultureInfo culture)
    {
        if (pattern.Contains("%g", StringComparison.Ordinal))
        {
            culture = CultureInfo.InvariantCulture;
            pattern = pattern.Replace("%g", "", StringComparison.Ordinal).Trim() is { Length: > 0 } rest
                ? rest
                : Default;
        }

        var text = new StringBuilder();
        for (var i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] != '%' || i + 1 == pattern.Length)
            {
                text.Append(pattern[i]);
                continue;
            }

            var letter = pattern[++i];
            text.Append(Part(date, letter, culture) ?? "%" + letter);
        }

        return text.ToString();
    }

    private static string? Part(DateTimeOffset date, char letter, CultureInfo culture) =>
        letter switch
        {
            'a' => date.ToString("ddd", culture),
            'A' => date.ToString("dddd", culture),
            'b' or 'h' => date.ToString("MMM", culture),
            'B' => date.ToString("MMMM", culture),
            'c' => date.ToString("ddd MMM dd HH:mm:ss yyyy", culture),
            'C' => Padded(date.Year / 100),
            'd' => Padded(date.Day),
            'D' => date.ToString("MM/dd/yy", CultureInfo.InvariantCulture),
            'e' => date.Day.ToString(CultureInfo.InvariantCulture).PadLeft(2),
            'F' => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            'H' => Padded(date.Hour),
            'I' => Padded((date.Hour + 11) % 12 + 1),
            'j' => date.DayOfYear.ToString("000", CultureInfo.InvariantCulture),
            'k' => date.Hour.ToString(CultureInfo.InvariantCulture).PadLeft(2),
            'l' => ((date.Hour + 11) % 12 + 1).ToString(CultureInfo.InvariantCulture).PadLeft(2),
            'L' => date.Millisecond.ToString("000", CultureInfo.InvariantCulture),
            'm' => Padded(date.Month),
            'M' => Padded(date.Minute),
            'n' => "\n",
            'N' => date.ToString("fffffff", CultureInfo.InvariantCulture) + "00",
            'p' => date.ToString("tt", culture).ToUpper(culture),
            'P' => date.ToString("tt", culture).ToLower(culture),
            'r' => date.ToString("hh:mm:ss tt", culture),
            'R' => date.ToString("HH:mm", CultureInfo.InvariantCulture),
            's' => date.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
            'S' => Padded(date.Second),
            't' => "\t",
            'T' or 'X' => date.ToString("HH:mm:ss", CultureInfo.InvariantCulture),
            'u' => (date.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)date.DayOfWeek).ToString(
                CultureInfo.InvariantCulture
            ),
            'U' => Padded(WeekFrom(date, DayOfWeek.Sunday)),
            'v' => date.ToString("d-MMM-yyyy", CultureInfo.InvariantCulture).ToUpperInvariant().PadLeft(11),
            'W' => Padded(WeekFrom(date, DayOfWeek.Monday)),
            'V' => Padded(ISOWeek.GetWeekOfYear(date.DateTime)),
            'w' => ((int)date.DayOfWeek).ToString(CultureInfo.InvariantCulture),
            'x' => date.ToString("d", culture),
            'y' => Padded(date.Year % 100),
            'Y' => date.Year.ToString("0000", CultureInfo.InvariantCulture),
            'Z' => date.ToString("zzz", CultureInfo.InvariantCulture),
            '%' => "%",
            _ => null,
        };

    // The days before the year's first such weekday are week 0.
    private static int WeekFrom(DateTimeOffset date, DayOfWeek first) =>
        (date.DayOfYear + 6 - ((int)date.DayOfWeek - (int)first + 7) % 7) / 7;

    private static string Padded(int number) => number.ToString("00", CultureInfo.InvariantCulture);
}
