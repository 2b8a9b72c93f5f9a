namespace NurtureEngine.Host.Scheduling.Jobs;

/// <summary>
/// A duty that the calendar calls for: turns that are taken until there is nothing more to do. Business time is inside them; the schedule is the
/// machine's (UTC). Doing one twice, or on two hosts at once, changes nothing; one that failed
/// is done when the calendar calls for it next.
/// </summary>
/// <param name="Name">By which Hangfire knows it.</param>
/// <param name="Cron">When, as five fields of cron.</param>
/// <param name="Every">The time between two of them.</param>
/// <param name="Turn">What is done.</param>
internal sealed record Duty(string Name, string Cron, TimeSpan Every, ITurn Turn);
