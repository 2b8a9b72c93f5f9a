using System.Globalization;
using System.Text.RegularExpressions;

namespace NurtureEngine.Scriban.Functions;

/// <summary>.NET's format strings, as <c>math.format</c> and <c>object.format</c> take them.</summary>
internal static partial class Formatting
{
    private const int MaxFormat = 100;

    public static string Format(Invocation call, object value)
    {
        var (format, culture) = (call.Text(1), CultureOf(call, 2));
        try
        {
            return format.Length <= MaxFormat && !LongNumber().IsMatch(format) && value is IFormattable formattable
                ? formattable.ToString(format, culture)
                : throw new FormatException();
        }
        catch (FormatException)
        {
            throw call.Failure("The text is no format for this value.");
        }
    }

    /// <summary>The culture that an argument names, else that of the rendering.</summary>
    public static CultureInfo CultureOf(Invocation call, int position)
    {
        if (!call.Has(position))
        {
            return call.Culture;
        }

        try
        {
            return CultureInfo.GetCultureInfo(call.Text(position), predefinedOnly: true);
        }
        catch (CultureNotFoundException)
        {
            throw call.Failure("The text is no culture; expected one such as en-US.");
        }
    }

    // "N999999999" would be a text of a gigabyte.
    [GeneratedRegex("[0-9]{3}")]
    private static partial Regex LongNumber();
}
