using System.Globalization;

namespace NurtureEngine.Scriban.Functions;

internal static class StringFunctions
{
    public static string Capitalize(string text, CultureInfo culture) =>
        text.Length == 0 ? text : char.ToUpper(text[0], culture) + text[1..];

    public static string Replace(string text, string match, string replacement) =>
        match.Length == 0 ? text : text.Replace(match, replacement, StringComparison.Ordinal);

    /// <summary>Cuts to a number of characters, the ellipsis included, as Scriban does.</summary>
    public static string Truncate(string text, object?[] arguments, CultureInfo culture)
    {
        var length = arguments[1] is decimal number ? (int)Math.Clamp(number, 0, int.MaxValue) : 0;
        var ellipsis = arguments.Length > 2 ? Builtins.Text(arguments[2], culture) : "...";
        return text.Length <= length
            ? text
            : string.Concat(text.AsSpan(0, Math.Max(0, length - ellipsis.Length)), ellipsis);
    }
}
