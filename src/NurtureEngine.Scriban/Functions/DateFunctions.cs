using System.Globalization;
using NurtureEngine.Scriban.Evaluation;
using static NurtureEngine.Scriban.Functions.Builtin;

namespace NurtureEngine.Scriban.Functions;

/// <summary>
/// <c>date.*</c>. There is no <c>date.now</c>: a message must read the same at every attempt, so the moment comes with the model.
/// </summary>
internal static class DateFunctions
{
    public static Builtin[] All { get; } =
    [
        Of("date.add_days date days", call => Add(call, (date, number) => date.AddDays(number))),
        Of("date.add_hours date hours", call => Add(call, (date, number) => date.AddHours(number))),
        Of("date.add_minutes date minutes", call => Add(call, (date, number) => date.AddMinutes(number))),
        Of("date.add_seconds date seconds", call => Add(call, (date, number) => date.AddSeconds(number))),
        Of("date.add_milliseconds date millis", call => Add(call, (date, number) => date.AddMilliseconds(number))),
        Of("date.add_months date months", call => Add(call, (date, number) => date.AddMonths((int)number))),
        Of("date.add_years date years", call => Add(call, (date, number) => date.AddYears((int)number))),
        Of("date.parse text [pattern] [culture]", Parse),
        Of(
            "date.to_string date [pattern] [culture]",
            call => DateFormat.Write(Date(call), call.Text(1, "%d %b %Y"), Formatting.CultureOf(call, 2))
        ),
    ];

    private static DateTimeOffset Date(Invocation call) =>
        call.Value(0) is DateTimeOffset date ? date : throw call.Failure("A date is needed here.");

    private static object Add(Invocation call, Func<DateTimeOffset, double, DateTimeOffset> add)
    {
        try
        {
            return add(Date(call), Operators.ToDouble(call.Number(1)));
        }
        catch (ArgumentOutOfRangeException)
        {
            throw call.Failure("The date is out of range.");
        }
    }

    // Without an offset a date is UTC, so that none depends on a host's zone. The pattern is .NET's.
    private static object Parse(Invocation call)
    {
        var (text, culture) = (call.Text(0), Formatting.CultureOf(call, 2));
        const DateTimeStyles style = DateTimeStyles.AssumeUniversal | DateTimeStyles.AllowWhiteSpaces;
        var isParsed = call.Has(1)
            ? DateTimeOffset.TryParseExact(text, call.Text(1), culture, style, out var date)
            : DateTimeOffset.TryParse(text, culture, style, out date);
        return isParsed ? date : throw call.Failure("The text is no date.");
    }
}
