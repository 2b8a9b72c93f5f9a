using System.Globalization;
using NurtureEngine.Scriban.Evaluation;
using static NurtureEngine.Scriban.Functions.Builtin;

namespace NurtureEngine.Scriban.Functions;

/// <summary><c>timespan.*</c></summary>
internal static class TimeSpanFunctions
{
    public static Builtin[] All { get; } =
    [
        Of("timespan.zero", _ => TimeSpan.Zero),
        Of("timespan.from_days days", call => From(call, TimeSpan.FromDays)),
        Of("timespan.from_hours hours", call => From(call, TimeSpan.FromHours)),
        Of("timespan.from_minutes minutes", call => From(call, TimeSpan.FromMinutes)),
        Of("timespan.from_seconds seconds", call => From(call, TimeSpan.FromSeconds)),
        Of("timespan.from_milliseconds millis", call => From(call, TimeSpan.FromMilliseconds)),
        Of(
            "timespan.parse text",
            call =>
                TimeSpan.TryParse(call.Text(0), CultureInfo.InvariantCulture, out var span)
                    ? span
                    : throw call.Failure("The text is no time span; expected one such as 1.02:30:00.")
        ),
    ];

    private static object From(Invocation call, Func<double, TimeSpan> make)
    {
        try
        {
            return make(Operators.ToDouble(call.Number(0)));
        }
        catch (Exception exception) when (exception is OverflowException or ArgumentException)
        {
            throw call.Failure("The time span is too long.");
        }
    }
}
