using System.Globalization;
using System.Text.RegularExpressions;
using NurtureEngine.Core.Templating.Rendering;
using Scriban.Functions;
using Scriban.Runtime;
using Scriban.Syntax;

namespace NurtureEngine.Core.Templating.Functions;

/// <summary>
/// Dates from texts. Scriban reads them in the time zone of the machine, so that two hosts could render one message differently; here a text without
/// an offset is UTC, and one with an offset becomes UTC. What is no date is a failure, where Scriban makes it the year 1.
/// </summary>
internal static partial class Dates
{
    public static IEnumerable<(string Name, OwnFunction Function)> All =>
        [
            (
                "date.parse",
                new OwnFunction(
                    (context, node, given) => Parse(context, node, given[0], given[1], given[2]),
                    1,
                    Text("text"),
                    Text("pattern"),
                    Text("culture")
                )
            ),
            (
                "date.parse_to_string",
                new OwnFunction(
                    ParseToString,
                    1,
                    Text("text"),
                    Text("output_pattern"),
                    Text("output_culture"),
                    Text("input_pattern"),
                    Text("input_culture")
                )
            ),
        ];

    /// <summary>The date that a text names, in UTC; null for an empty text.</summary>
    public static DateTime? Parse(
        RenderContext context,
        ScriptNode caller,
        object? text,
        object? pattern,
        object? culture
    )
    {
        if (text is not string { Length: > 0 } written)
        {
            return null;
        }

        var isDate = HasYear((string?)pattern ?? written, isPattern: pattern is not null);
        if (pattern is null)
        {
            var reader = culture is string name ? CultureInfo.GetCultureInfo(name) : context.CurrentCulture;
            return isDate && DateTimeOffset.TryParse(written, reader, DateTimeStyles.AssumeUniversal, out var instant)
                ? instant.UtcDateTime
                : throw NoDate(caller);
        }

        var parsed = DateTimeFunctions.Parse(context, written, (string)pattern, (string?)culture);
        return parsed switch
        {
            null or { Ticks: 0 } => throw NoDate(caller),
            _ when !isDate => throw NoDate(caller),
            { } date when Offset().IsMatch(written) => date.ToUniversalTime(),
            { } date => DateTime.SpecifyKind(date, DateTimeKind.Utc),
        };
    }

    private static RefusedException NoDate(ScriptNode caller) => new(caller.Span, "The text is no date with a year.");

    // Without a year it would be this one, or today: another one at the next attempt.
    private static bool HasYear(string text, bool isPattern) =>
        (isPattern ? YearInPattern() : YearInText()).IsMatch(text);

    private static string? ParseToString(RenderContext context, ScriptNode caller, ScriptArray given) =>
        Parse(context, caller, given[0], given[3], given[4]) is { } date
            ? ((DateTimeFunctions)Library.Functions["date"]!).ToString(
                date,
                (string?)given[1] ?? DateTimeFunctions.DefaultFormat,
                given[2] is string culture ? CultureInfo.GetCultureInfo(culture) : context.CurrentCulture
            )
            : null;

    private static (string, Type) Text(string name) => (name, typeof(string));

    [GeneratedRegex(@"(Z|GMT|UTC|[+-]\d{2}:?\d{2})\s*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Offset();

    [GeneratedRegex(@"\d{4}|\d{1,2}[./-]\d{1,2}[./-]\d{2}")]
    private static partial Regex YearInText();

    [GeneratedRegex("%[YyFDcxvGs]")]
    private static partial Regex YearInPattern();
}
