using System.Globalization;
using NurtureEngine.Core.Diagnostics;
using NurtureEngine.Core.Rulebooks;
using NurtureEngine.Host.Demo.World;
using NurtureEngine.Postgres.Reports;
using static NurtureEngine.Host.Demo.Figures.TextTable;

namespace NurtureEngine.Host.Demo.Figures;

/// <summary>What a demo has come to, as tables of text in the words of the field; every figure is read from the engine's tables.</summary>
internal sealed class DemoTables(
    Tallies tallies,
    TrackResults results,
    DemoOutcomes outcomes,
    LifeCycle cycle,
    string[] tracked
)
{
    /// <exception cref="InvalidDataException">They do not add up to the figures.</exception>
    public async Task<string> DrawAsync(IReadOnlyDictionary<string, long> figures, CancellationToken cancellationToken)
    {
        var sent = await tallies.SentAsync(cancellationToken);
        var mail = await results.MailAsync(tracked, cancellationToken);
        var handoffs = await tallies.HandoffsAsync(cancellationToken);
        var cohorts = await results.CohortsAsync(cycle, DemoScript.Customers, cancellationToken);
        DemoSums.Check(figures, sent, mail, handoffs, cohorts);
        return string.Concat(
            new DemoSummary(figures).Draw(mail),
            await outcomes.StandingAsync(cancellationToken),
            OfCounts(
                "Not enrolled, by track and why",
                await results.DeclinedAsync(cancellationToken),
                tally => (tally.Row, Sentence(tally.Column))
            ),
            OfCounts("E-mails sent, by track and role", sent, tally => (tally.Row, tally.Column)),
            await outcomes.ExpectedAsync(mail, cancellationToken),
            await DecisionsAsync(cancellationToken),
            await ExampleAsync("Held by a frequency cap", "cadence.cap", cancellationToken),
            await ExampleAsync(
                "Held since another track had spoken to the account that day",
                "cadence.one_voice",
                cancellationToken
            ),
            OfCounts(
                "Hand-offs, by track and answer",
                handoffs,
                tally => (tally.Row, tally.Column == "recycled" ? "returned to nurture" : tally.Column)
            ),
            Cohorts(cohorts)
        );
    }

    private async Task<string> DecisionsAsync(CancellationToken cancellationToken) =>
        OfCounts(
            "Decisions of the eligibility check and of people that kept e-mails back",
            await tallies.VerdictsAsync(cancellationToken),
            tally => (Sentence(tally.Row), tally.Column == "planned" ? "rescheduled" : StateWord(tally.Column)),
            "rescheduled",
            "awaiting approval",
            "skipped",
            "returned",
            "expired",
            "cancelled"
        )
        + $"  {TextTable.Number(await tallies.CountAwaitingAsync(cancellationToken))} e-mails are awaiting approval now{Environment.NewLine}";

    private async Task<string> ExampleAsync(string title, string code, CancellationToken cancellationToken) =>
        await tallies.FindExampleAsync(code, cancellationToken) is { } held
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"  {title}: {held.Name} of {held.Account}, {held.Content} of the track {held.Track}, held {held.HeldAt:ddd d MMM HH:mm} and {(held.SettledAt is { } left ? $"sent {left:ddd d MMM HH:mm}" : $"due {held.DueAt:ddd d MMM HH:mm}")} UTC: /dev/leads/{held.LeadId}{Environment.NewLine}"
            )
            : "";

    private static string Cohorts(List<Tally> cells)
    {
        var cohorts = cells.Where(cell => cell.Row.Length > 0).ToList();
        var already = cells.Where(cell => cell.Row.Length == 0).Select(cell => cell.Count).DefaultIfEmpty().Max();
        return Of(
                "Leads by the month in which they came, those who reached each stage by now, and what share that is of the stage before",
                [DemoScript.Way[0], .. DemoScript.Way.Skip(1).SelectMany(stage => new[] { stage, "" })],
                [
                    .. cohorts
                        .GroupBy(cell => cell.Row)
                        .OrderBy(cohort => cohort.Key, StringComparer.Ordinal)
                        .Select(cohort => (cohort.Key, Reached([.. cohort]))),
                    ("all of these", Reached(cohorts)),
                ]
            )
            + $"  already customers, counted apart: {Number(already)}. Young cohorts have most of their way before them.{Environment.NewLine}";
    }

    private static string[] Reached(List<Tally> cohort)
    {
        var counts = DemoScript
            .Way.Select(stage => cohort.Where(cell => cell.Column == stage).Sum(cell => cell.Count))
            .ToList();
        return
        [
            Number(counts[0]),
            .. counts
                .Skip(1)
                .Zip(counts)
                .SelectMany(pair => new[] { Number(pair.First), Percent(pair.First, pair.Second) }),
        ];
    }

    private static string Sentence(string code) => CodeSentences.Of(code, null).English.TrimEnd('.');

    private static string StateWord(string state) =>
        state switch
        {
            "awaiting_approval" => "awaiting approval",
            "deferred" => "rescheduled",
            "claimed" or "handing" => "being sent",
            "accepted" => "sent",
            "rejected" => "refused by the mail server",
            "uncertain" => "perhaps sent, not known",
            _ => state.Replace('_', ' '),
        };
}
