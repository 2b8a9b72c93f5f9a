using System.Globalization;
using System.Text.RegularExpressions;

namespace NurtureEngine.Core.Diagnostics;

/// <summary>Instants as other systems write them: ISO 8601 with an explicit offset, so that none depends on a host's zone.</summary>
public static partial class IsoInstant
{
    /// <summary>False where the text has another form, lacks an offset or lies outside the years 1900 to 2199. The result is UTC.</summary>
    public static bool TryParse(string text, out DateTimeOffset at)
    {
        at = default;
        if (
            !Form().IsMatch(text)
            || !DateTimeOffset.TryParse(
                text,
                CultureInfo.InvariantCulture,
                DateTimeStyles.AdjustToUniversal,
                out var parsed
            )
        )
        {
            return false;
        }

        at = parsed.ToUniversalTime();
        return at.Year is >= 1900 and < 2200;
    }

    [GeneratedRegex(
        @"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})$",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Form();
}
