using System.Text;

namespace NurtureEngine.Scriban.Functions.Dates;

/// <summary>Turns a pattern of Scriban's date letters into .NET's, to read a date by.</summary>
internal static class DatePattern
{
    /// <summary>The pattern; null where a letter has nothing to read a date from, such as a day of the week as a number, which comes back.</summary>
    public static string? ToNet(string pattern, out char unreadable)
    {
        unreadable = default;
        var text = new StringBuilder();
        for (var i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] != '%' || i + 1 == pattern.Length)
            {
                // White space stands for itself: escaped, .NET would not find it again.
                text.Append(char.IsWhiteSpace(pattern[i]) ? "" : "\\").Append(pattern[i]);
                continue;
            }

            unreadable = pattern[++i];
            if (Part(unreadable) is not { } part)
            {
                return null;
            }

            text.Append(part);
        }

        // .NET takes a single letter for one of its standard patterns.
        return text.Length == 1 ? "%" + text : text.ToString();
    }

    private static string? Part(char letter) =>
        letter switch
        {
            'a' => "ddd",
            'A' => "dddd",
            'b' or 'h' => "MMM",
            'B' => "MMMM",
            'c' => "ddd MMM d HH:mm:ss yyyy",
            'd' => "dd",
            'D' => "MM'/'dd'/'yy",
            'e' => "d",
            'F' => "yyyy-MM-dd",
            'H' => "HH",
            'I' => "hh",
            'k' => "H",
            'l' => "h",
            'L' => "fff",
            'm' => "MM",
            'M' => "mm",
            'n' => "\n",
            'N' => "fffffff'00'",
            'p' or 'P' => "tt",
            'r' => "hh':'mm':'ss tt",
            'R' => "HH':'mm",
            'S' => "ss",
            't' => "\t",
            'T' or 'X' => "HH':'mm':'ss",
            'v' => "d-MMM-yyyy",
            'y' => "yy",
            'Y' => "yyyy",
            'Z' => "zzz",
            'g' => "",
            '%' => "\\%",
            _ => null,
        };
}
