using System.Globalization;
using System.Text;

namespace NurtureEngine.Scriban.Functions;

internal static class DateFunctions
{
    /// <summary>Formats a date by Scriban's (strftime's) letters; an unknown letter stays as written.</summary>
    public static object? ToText(object?[] arguments, CultureInfo culture)
    {
        if (arguments[0] is not DateTimeOffset date)
        {
            return null;
        }

        var format = Builtins.Text(arguments[1], culture);
        var text = new StringBuilder();
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] != '%' || i + 1 == format.Length)
            {
                text.Append(format[i]);
                continue;
            }

            text.Append(Part(date, format[++i], culture));
        }

        return text.ToString();
    }

    private static string Part(DateTimeOffset date, char letter, CultureInfo culture) =>
        letter switch
        {
            'Y' => date.ToString("yyyy", culture),
            'm' => date.ToString("MM", culture),
            'd' => date.ToString("dd", culture),
            'e' => date.Day.ToString(culture).PadLeft(2),
            'H' => date.ToString("HH", culture),
            'M' => date.ToString("mm", culture),
            'S' => date.ToString("ss", culture),
            'b' => date.ToString("MMM", culture),
            'B' => date.ToString("MMMM", culture),
            'a' => date.ToString("ddd", culture),
            'A' => date.ToString("dddd", culture),
            'F' => date.ToString("yyyy-MM-dd", culture),
            'x' => date.ToString("d", culture),
            '%' => "%",
            _ => "%" + letter,
        };
}
