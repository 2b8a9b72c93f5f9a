using System.Globalization;
using System.Text;

namespace NurtureEngine.Scriban.Functions;

/// <summary>Scriban's date letters, which are strftime's; an unknown letter stays as it is written.</summary>
internal static class DateFormat
{
    public static string Write(DateTimeOffset date, string pattern, CultureInfo culture)
    {
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
            'g' => date.ToString("dd MMM yyyy", culture),
            'G' => ISOWeek.GetYear(date.DateTime).ToString(CultureInfo.InvariantCulture),
            'H' => Padded(date.Hour),
            'I' => Padded((date.Hour + 11) % 12 + 1),
            'j' => date.DayOfYear.ToString("000", CultureInfo.InvariantCulture),
            'k' => date.Hour.ToString(CultureInfo.InvariantCulture).PadLeft(2),
            'l' => ((date.Hour + 11) % 12 + 1).ToString(CultureInfo.InvariantCulture).PadLeft(2),
            'L' => date.Millisecond.ToString("000", CultureInfo.InvariantCulture),
            'm' => Padded(date.Month),
            'M' => Padded(date.Minute),
            'n' => "\n",
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
            'V' => Padded(ISOWeek.GetWeekOfYear(date.DateTime)),
            'w' => ((int)date.DayOfWeek).ToString(CultureInfo.InvariantCulture),
            'x' => date.ToString("d", culture),
            'y' => Padded(date.Year % 100),
            'Y' => date.Year.ToString("0000", CultureInfo.InvariantCulture),
            'Z' => date.ToString("zzz", CultureInfo.InvariantCulture),
            '%' => "%",
            _ => null,
        };

    private static string Padded(int number) => number.ToString("00", CultureInfo.InvariantCulture);
}
