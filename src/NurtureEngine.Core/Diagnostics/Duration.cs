using System.Globalization;
using System.Text.RegularExpressions;

namespace NurtureEngine.Core.Diagnostics;

/// <summary>Durations as people write them: <c>90s</c>, <c>30m</c>, <c>2h</c>, <c>3d</c>, <c>1w</c>, <c>1d 12h</c> or .NET's <c>3.00:00:00</c>.</summary>
public static partial class Duration
{
    /// <summary>What a sentence about a bad duration says is expected.</summary>
    public const string Expected = "write '30m', '2h', '3d' or '3.00:00:00'";

    /// <summary>The longest duration that counts as meant: five years.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(5 * 366);

    /// <summary>False where the text is no duration, is negative or is longer than <see cref="Longest"/>.</summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        var match = Units().Match(text.Trim());
        if (!match.Success)
        {
            // A bare number would be days to .NET and minutes to most people, so it is no duration here.
            return text.Contains(':', StringComparison.Ordinal)
                && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out duration)
                && duration >= TimeSpan.Zero
                && duration <= Longest;
        }

        decimal seconds = 0;
        for (var i = 0; i < match.Groups["number"].Captures.Count; i++)
        {
            var number = decimal.Parse(match.Groups["number"].Captures[i].ValueSpan, CultureInfo.InvariantCulture);
            seconds += number * SecondsOf(match.Groups["unit"].Captures[i].Value);
        }

        if (seconds > (decimal)Longest.TotalSeconds)
        {
            return false;
        }

        duration = TimeSpan.FromSeconds((double)seconds);
        return true;
    }

    /// <summary>A duration as people write it, such as <c>7d</c> or <c>1d 12h</c>; whole seconds.</summary>
    public static string Write(TimeSpan duration)
    {
        (int Count, string Unit)[] parts =
        [
            (duration.Days, "d"),
            (duration.Hours, "h"),
            (duration.Minutes, "m"),
            (duration.Seconds, "s"),
        ];
        var text = string.Join(' ', parts.Where(part => part.Count > 0).Select(part => $"{part.Count}{part.Unit}"));
        return text.Length > 0 ? text : "0s";
    }

    private static int SecondsOf(string unit) =>
        unit switch
        {
            "s" => 1,
            "m" => 60,
            "h" => 3_600,
            "d" => 86_400,
            _ => 604_800,
        };

    [GeneratedRegex(@"^(?:(?<number>\d{1,6})\s*(?<unit>[smhdw])\s*)+$", RegexOptions.CultureInvariant)]
    private static partial Regex Units();
}
