using System.Globalization;
using NurtureEngine.Scriban.Syntax;

namespace NurtureEngine.Scriban.Parsing;

/// <summary>Reads numbers: integers are 64 bits wide, <c>m</c> makes a decimal, the rest are doubles.</summary>
internal static class NumberReader
{
    public static object Read(Token token, TokenStream tokens)
    {
        var text = token.Value.Replace("_", "", StringComparison.Ordinal);
        if (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            return Bits(token, text, NumberStyles.AllowHexSpecifier, tokens);
        }

        if (text.StartsWith("0b", StringComparison.OrdinalIgnoreCase))
        {
            return Bits(token, text, NumberStyles.AllowBinarySpecifier, tokens);
        }

        var suffix = char.ToLowerInvariant(text[^1]);
        var digits = suffix is 'f' or 'd' or 'm' ? text[..^1] : text;
        if (suffix == 'm')
        {
            return decimal.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out var exact)
                ? exact
                : throw tokens.Fault($"'{text}' is too large for a decimal.", token.At);
        }

        if (suffix is not ('f' or 'd') && text.All(char.IsAsciiDigit))
        {
            return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var whole)
                ? whole
                : throw tokens.Fault(
                    $"'{text}' is no whole number of up to 64 bits; write it with a decimal point.",
                    token.At
                );
        }

        return double.Parse(digits, NumberStyles.Float, CultureInfo.InvariantCulture);
    }

    private static long Bits(Token token, string text, NumberStyles style, TokenStream tokens) =>
        long.TryParse(text.AsSpan(2).TrimEnd("uU"), style, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw tokens.Fault($"'{token.Value}' is no number of up to 64 bits.", token.At);
}
