using System.Globalization;
using NurtureEngine.Postgres.Reports;
using static NurtureEngine.Host.Demo.Figures.TextTable;

namespace NurtureEngine.Host.Demo.Figures;

/// <summary>What a demo did until some day: figures read from the engine's tables, of which each was held against what was played.</summary>
internal sealed class DemoSummary(IReadOnlyDictionary<string, long> figures)
{
    /// <summary>One line on the way.</summary>
    public string Line(int day, int days) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"day {day, 3} of {days}: {Count("events"), 5} CRM events, {Count("emails"), 5} e-mails, {Count("feedback.opened"), 4} opened, {Count("feedback.clicked"), 3} clicked, {Count("feedback.replied"), 3} replied, {Count("feedback.unsubscribed"), 3} unsubscribed"
        );

    /// <summary>All figures, with shares.</summary>
    /// <param name="tracked">The marketing e-mails by track, as <see cref="TrackResults.MailAsync"/> has them: service is not tracked.</param>
    public string Draw(IReadOnlyCollection<Tally> tracked)
    {
        var sent = Count("emails");
        var delivered = sent - Count("feedback.bounced") - Count("feedback.bounced_softly");
        var marketing = tracked.Sum(tally =>
            tally.Column switch
            {
                "sent" => tally.Count,
                "bounced" or "bounced_softly" => -tally.Count,
                _ => 0,
            }
        );
        return Of(
            "What happened",
            ["", "", ""],
            [
                ("CRM events", [Number(Count("events")), "", ""]),
                ("leads", [Number(Count("leads")), "", ""]),
                ("e-mails sent", [Number(sent), "", ""]),
                Share("bounced, no such mailbox", "feedback.bounced", sent, "of sent"),
                Share("bounced, mailbox full", "feedback.bounced_softly", sent, "of sent"),
                Share("opened", "feedback.opened", marketing, "of delivered marketing e-mails"),
                Share("clicked", "feedback.clicked", marketing, "of delivered marketing e-mails"),
                Share("replied", "feedback.replied", delivered, "of delivered"),
                Share("unsubscribed", "feedback.unsubscribed", delivered, "of delivered"),
                Share("complained", "feedback.complained", delivered, "of delivered"),
                ("automatic replies, counted apart", [Number(Count("feedback.auto_replied")), "", ""]),
                ("clicks by machines, counted apart", [Number(Count("feedback.scanned")), "", ""]),
                (
                    "approved, returned by a person",
                    [$"{Number(Count("approval.given"))}, {Number(Count("approval.refused"))}", "", ""]
                ),
                ("calls made", [Number(Count("task.done")), "", ""]),
            ]
        );
    }

    private (string, string[]) Share(string name, string figure, long whole, string of) =>
        (name, [Number(Count(figure)), Percent(Count(figure), whole), of]);

    private long Count(string figure) => figures.GetValueOrDefault(figure);
}
