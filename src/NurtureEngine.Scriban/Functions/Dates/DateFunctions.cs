using System.Globalization;
using NurtureEngine.Scriban.Evaluation;
using static NurtureEngine.Scriban.Functions.Builtin;

namespace NurtureEngine.Scriban.Functions.Dates;

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
        Of("date.parse text [pattern] [culture]", call => call.Has(0) ? Parse(call, pattern: 1, culture: 2) : null),
        Of(
            "date.parse_to_string text [output_pattern] [output_culture] [input_pattern] [input_culture]",
            call => call.Has(0) ? Write(call, Parse(call, pattern: 3, culture: 4)) : null
        ),
        Of("date.to_string date [pattern] [culture]", call => call.Has(0) ? Write(call, Date(call)) : null),
    ];

    private static string Write(Invocation call, DateTimeOffset date) =>
        DateFormat.Write(date, call.Text(1, DateFormat.Default), Formatting.CultureOf(call, 2));

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

    // Without an offset a date is UTC, so that none depends on a host's zone.
    private static DateTimeOffset Parse(Invocation call, int pattern, int culture)
    {
        const DateTimeStyles style = DateTimeStyles.AssumeUniversal | DateTimeStyles.AllowWhiteSpaces;
        var (text, format) = (call.Text(0), Formatting.CultureOf(call, culture));
        if (!call.Has(pattern))
        {
            return DateTimeOffset.TryParse(text, format, style, out var found) ? found : throw NoDate(call);
        }

        var letters =
            DatePattern.ToNet(call.Text(pattern), out var unreadable)
            ?? throw call.Failure($"'%{unreadable}' in a pattern can't be read, only written.");
        return DateTimeOffset.TryParseExact(text, letters, format, style, out var date) ? date : throw NoDate(call);
    }

    private static ScriptFailure NoDate(Invocation call) => call.Failure("The text is no date of that form.");
}
