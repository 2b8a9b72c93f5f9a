using System.Globalization;
using NurtureEngine.Core.Templating.Rendering;
using Scriban.Functions;
using Scriban.Runtime;
using Scriban.Syntax;

namespace NurtureEngine.Core.Templating.Functions;

/// <summary>
/// Dates from texts. Scriban reads them in the time zone of the machine, so that two hosts could render one message differently; here a text without
/// an offset is UTC, and one with an offset becomes UTC. What is no date is a failure, where Scriban makes it the year 1.
/// </summary>
internal static class Dates
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
        var parsed = DateTimeFunctions.Parse(context, (string?)text, (string?)pattern, (string?)culture);
        return parsed switch
        {
            null => null,
            { Ticks: 0 } => throw new RefusedException(caller.Span, "The text is no date."),
            { } date when HasOffset((string)text!) => date.ToUniversalTime(),
            { } date => DateTime.SpecifyKind(date, DateTimeKind.Utc),
        };
    }

    private static string? ParseToString(RenderContext context, ScriptNode caller, ScriptArray given) =>
        Parse(context, caller, given[0], given[3], given[4]) is { } date
            ? ((DateTimeFunctions)Library.Functions["date"]!).ToString(
                date,
                (string?)given[1] ?? DateTimeFunctions.DefaultFormat,
                given[2] is string culture ? CultureInfo.GetCultureInfo(culture) : context.CurrentCulture
            )
            : null;

    // As Scriban decides it: a Z at the end, or a sign before the digits of an offset.
    private static bool HasOffset(string text) =>
        text.TrimEnd().EndsWith('Z') || text.TrimEnd().EndsWith('z') || SignedOffset(text);

    private static bool SignedOffset(string text)
    {
        var plus = text.LastIndexOf('+');
        return plus >= 0 && plus + 1 < text.Length && char.IsAsciiDigit(text[plus + 1]);
    }

    private static (string, Type) Text(string name) => (name, typeof(string));
}
