using NurtureEngine.Core.Diagnostics;

namespace NurtureEngine.Core.Cadences;

/// <summary>How often, at most, within a window.</summary>
public sealed record Cap(CapScope Scope, int Most, CapWindow Window)
{
    /// <summary>As verdicts cite it, such as <c>lead 3 within 7d</c> or <c>account 10 per day</c>.</summary>
    public override string ToString() => $"{ScopeWord} {Most} {Window}";

    private string ScopeWord =>
        Scope switch
        {
            CapScope.Lead => "lead",
            CapScope.Account => "account",
            _ => "track",
        };
}

/// <summary>Whose touches a cap counts.</summary>
public enum CapScope
{
    /// <summary>All of a lead, across tracks; leads that share an address are one.</summary>
    Lead,

    /// <summary>All of the leads of an account.</summary>
    Account,

    /// <summary>Those of one track to a lead.</summary>
    Track,
}

/// <summary>The time over which a cap counts.</summary>
public abstract record CapWindow
{
    private CapWindow() { }

    /// <summary>The hours up to now, by elapsed time.</summary>
    public sealed record Rolling(TimeSpan Length) : CapWindow
    {
        public override string ToString() => $"within {Duration.Write(Length)}";
    }

    /// <summary>The day, week (from Monday) or month by the lead's clock.</summary>
    public sealed record Calendar(CalendarPeriod Period) : CapWindow
    {
        public override string ToString() => $"per {Words[(int)Period]}";

        private static readonly string[] Words = ["day", "week", "month"];
    }
}

/// <summary>A stretch of the calendar, by the lead's clock.</summary>
public enum CalendarPeriod
{
    Day,
    Week,
    Month,
}
