using System.Collections.Immutable;
using NodaTime;
using NodaTime.Text;
using NurtureEngine.Core.Cadences;
using NurtureEngine.Core.Diagnostics;

namespace NurtureEngine.Core.Rulebooks;

/// <summary>Reads rules of cadence, of the rulebook and of tracks, and calendars.</summary>
internal static class CadenceReader
{
    private static readonly string[] RulebookNames =
    [
        "quietHours",
        "workingDays",
        "minGap",
        "caps",
        "oneVoicePerAccount",
    ];

    private static readonly string[] TrackNames = ["time", "times", "days", "window", "minGap", "caps"];

    /// <summary>The rulebook's rules; none where it has no <c>cadence</c>.</summary>
    public static CadenceRules ReadRulebook(JsonShape root)
    {
        if (root.Object("cadence") is not { } shape)
        {
            return CadenceRules.None;
        }

        shape.AllowOnly(RulebookNames);
        return new CadenceRules
        {
            QuietHours = ReadQuietHours(shape),
            WorkingDays = [.. WorkingDays(shape)],
            MinGap = ReadGap(shape),
            Caps = ReadCaps(shape, "lead", "account"),
            IsOneVoice = shape.Boolean("oneVoicePerAccount") ?? false,
        };
    }

    /// <summary>A track's own rules; null where it has none.</summary>
    public static CadenceRules? ReadTrack(JsonShape nurture)
    {
        if (nurture.Object("cadence") is not { } shape)
        {
            return null;
        }

        shape.AllowOnly(TrackNames);
        var days = Days(shape, "days");
        var times = ReadTimes(shape);
        if (times.Count == 0 && (days.Count > 0 || shape.Has("window")))
        {
            shape.Fault("time", $"is missing; {SlotText.ExpectedTime}.");
        }

        var window = shape.Duration("window") ?? CadenceRules.None.SlotWindow;
        if (window <= TimeSpan.Zero || window >= TimeSpan.FromDays(1))
        {
            shape.Fault("window", "is no part of a day; expected more than nothing and less than 1d.");
            window = CadenceRules.None.SlotWindow;
        }

        return new CadenceRules
        {
            Slots = [.. times.Select(time => new Slot([.. SlotText.OrEveryDay(days)], time))],
            SlotWindow = window,
            MinGap = ReadGap(shape),
            Caps = ReadCaps(shape, "track"),
        };
    }

    /// <summary>The calendars by country: an ISO 3166-1 code of two letters.</summary>
    public static ImmutableSortedDictionary<string, HolidayCalendar> ReadCalendars(JsonShape root)
    {
        var calendars = ImmutableSortedDictionary.CreateBuilder<string, HolidayCalendar>(
            StringComparer.OrdinalIgnoreCase
        );
        foreach (var (country, shape) in root.Object("calendars")?.Properties() ?? [])
        {
            if (!CountryZones.IsCountry(country))
            {
                root.Fault(
                    "calendars",
                    $"names '{country}'; expected countries as two letters (ISO 3166-1), such as CN."
                );
            }

            calendars[country] = ReadCalendar(shape);
        }

        return calendars.ToImmutable();
    }

    /// <summary>One country's calendar.</summary>
    public static HolidayCalendar ReadCalendar(JsonShape shape)
    {
        shape.AllowOnly("source", "holidays", "makeUpDays");
        _ = shape.Text("source");
        var calendar = new HolidayCalendar([.. Dates(shape, "holidays")], [.. Dates(shape, "makeUpDays")]);
        foreach (var both in calendar.Holidays.Intersect(calendar.MakeUpDays))
        {
            shape.Fault("makeUpDays", $"names {DatePattern.Format(both)}, which is one of 'holidays' too.");
        }

        return calendar;
    }

    private static LocalDatePattern DatePattern => LocalDatePattern.Iso;

    private static IEnumerable<LocalDate> Dates(JsonShape shape, string name)
    {
        foreach (var text in shape.Texts(name))
        {
            if (DatePattern.Parse(text) is { Success: true } date)
            {
                yield return date.Value;
            }
            else
            {
                shape.Fault(name, $"'{text}' is no date; expected one such as 2026-10-01.");
            }
        }
    }

    private static QuietHours? ReadQuietHours(JsonShape shape)
    {
        if (shape.Object("quietHours") is not { } quiet)
        {
            return null;
        }

        quiet.AllowOnly("from", "until");
        var from = Time(quiet, "from", quiet.RequiredText("from"));
        var until = Time(quiet, "until", quiet.RequiredText("until"));
        if (from is not null && from == until)
        {
            quiet.Fault("until", "is the same time as 'from'; expected another one, or no quiet hours.");
        }

        return from is { } begin && until is { } end ? new QuietHours(begin, end) : null;
    }

    private static TimeSpan ReadGap(JsonShape shape)
    {
        var gap = shape.Duration("minGap") ?? TimeSpan.Zero;
        if (gap > CadenceMemory.LongestWindow)
        {
            shape.Fault(
                "minGap",
                $"is too long; expected at most {Diagnostics.Duration.Write(CadenceMemory.LongestWindow)}."
            );
        }

        return gap;
    }

    private static List<LocalTime> ReadTimes(JsonShape shape)
    {
        var texts = shape.Texts("times");
        if (shape.Text("time") is { } one)
        {
            texts.Add(one);
        }

        return [.. texts.Select(text => Time(shape, "time", text)).OfType<LocalTime>().Distinct().Order()];
    }

    private static LocalTime? Time(JsonShape shape, string name, string text)
    {
        var time = SlotText.Time(text);
        if (time is null && text.Length > 0)
        {
            shape.Fault(name, $"'{text}' is no time of day; {SlotText.ExpectedTime}.");
        }

        return time;
    }

    private static List<IsoDayOfWeek> WorkingDays(JsonShape shape)
    {
        var days = Days(shape, "workingDays");
        if (days.Count == 0 && shape.Raw("workingDays") is { ValueKind: System.Text.Json.JsonValueKind.Array })
        {
            shape.Fault(
                "workingDays",
                "has no day; expected at least one, or no such member where all days are alike."
            );
        }

        return days;
    }

    private static List<IsoDayOfWeek> Days(JsonShape shape, string name)
    {
        var days = new List<IsoDayOfWeek>();
        foreach (var text in shape.Texts(name))
        {
            if (SlotText.Day(text) is { } day)
            {
                days.Add(day);
            }
            else
            {
                shape.Fault(name, $"'{text}' is no day; {SlotText.ExpectedDay}.");
            }
        }

        return [.. days.Distinct()];
    }

    private static ImmutableArray<Cap> ReadCaps(JsonShape shape, params string[] scopes) =>
        [.. shape.Objects("caps").Select(cap => ReadCap(cap, scopes)).OfType<Cap>()];

    private static Cap? ReadCap(JsonShape shape, string[] scopes)
    {
        shape.AllowOnly("of", "most", "within", "per");
        var scope = scopes.Length == 1 && !shape.Has("of") ? scopes[0] : shape.Choice("of", scopes);
        if (scope is null)
        {
            shape.Fault("of", $"is missing or unknown; expected one of {string.Join(", ", scopes)}.");
        }

        var most = shape.Integer("most") ?? 0;
        if (most is < 1 or > 1000)
        {
            shape.Fault("most", "is missing or out of bounds; expected 1 to 1000.");
        }

        var window = ReadWindow(shape);
        return scope is null || window is null
            ? null
            : new Cap(Enum.Parse<CapScope>(scope, ignoreCase: true), (int)Math.Clamp(most, 1, 1000), window);
    }

    private static CapWindow? ReadWindow(JsonShape shape)
    {
        if (shape.Has("within") == shape.Has("per"))
        {
            shape.Fault(
                "within",
                "or 'per' is expected, one of them: hours up to now such as 7d, or a day, week or month."
            );
            return null;
        }

        if (shape.Choice("per", "day", "week", "month") is { } per)
        {
            return new CapWindow.Calendar(Enum.Parse<CalendarPeriod>(per, ignoreCase: true));
        }

        var within = shape.Duration("within");
        if (within is { } length && (length < TimeSpan.FromMinutes(1) || length > CadenceMemory.LongestWindow))
        {
            shape.Fault(
                "within",
                $"is out of bounds; expected 1m to {Diagnostics.Duration.Write(CadenceMemory.LongestWindow)}."
            );
        }

        return within is { } rolling ? new CapWindow.Rolling(rolling) : null;
    }
}
