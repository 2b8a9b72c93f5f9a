using System.Globalization;
using NurtureEngine.Core.Rulebooks;
using NurtureEngine.Core.Tracks;
using NurtureEngine.Postgres.Reports;
using static NurtureEngine.Host.Demo.TextTable;

namespace NurtureEngine.Host.Demo;

/// <summary>What came of tracks: of the leads who were enrolled, and beside what was expected.</summary>
internal sealed class DemoOutcomes(TrackResults results, TrackSet tracks, LifeCycle cycle, string[] tracked)
{
    // What became of enrollments, in the order of the columns.
    private static readonly string[] Outcomes =
    [
        "active",
        "paused",
        "completed",
        "goal or later stage",
        "fell back",
        "to higher track",
        "sent on",
        "opted out",
        "time limit",
        "other",
    ];

    public async Task<string> StandingAsync(CancellationToken cancellationToken) =>
        OfCounts(
            "Enrolled, by track and what became of it",
            await results.StandingAsync(cancellationToken),
            tally => (tally.Row, Outcome(tally.Column)),
            Outcomes
        );

    private static string Outcome(string code) =>
        code switch
        {
            "active" or "paused" => code,
            "track.completed" => "completed",
            "goal.reached" or "stage.advanced" or "lead.handed_off" => "goal or later stage",
            "stage.regressed" => "fell back",
            LaneRule.Taken => "to higher track",
            "track.moved" => "sent on",
            "lead.unsubscribed" or "lead.complained" => "opted out",
            "time.over" => "time limit",
            _ => "other",
        };

    public async Task<string> ExpectedAsync(CancellationToken cancellationToken)
    {
        var mail = (await results.MailAsync(tracked, cancellationToken)).ToLookup(tally => tally.Row);
        string[] stages = [.. cycle.Stages.Select(stage => stage.Name)];
        var over = (await results.ReachedAsync(cycle.Name, stages, cancellationToken)).ToLookup(tally => tally.Row);
        return Of(
            "Expected and actual, by track",
            [
                "delivered",
                "opened: expected",
                "actual",
                "clicked: expected",
                "actual",
                "through",
                "goal or later stage: expected",
                "actual",
            ],
            [
                .. tracks
                    .Current.OrderBy(track => track.Track.DefinitionId, StringComparer.Ordinal)
                    .Select(track => (track.Track.DefinitionId, Row(track.Track))),
            ]
        );

        string[] Row(Track track)
        {
            var expected = track.Settings.ExpectedRates;
            var sent = Mail("sent") - Mail("bounced") - Mail("bounced_softly");
            var through = over[track.DefinitionId].Sum(tally => tally.Count);
            var reached = over[track.DefinitionId].Where(tally => tally.Column == "reached").Sum(tally => tally.Count);
            return
            [
                Number(sent),
                Expected(expected.Opened),
                Percent(Mail("opened"), sent),
                Expected(expected.Clicked),
                Percent(Mail("clicked"), sent),
                Number(through),
                Expected(expected.Reached),
                Percent(reached, through),
            ];

            long Mail(string what) =>
                mail[track.DefinitionId].Where(tally => tally.Column == what).Sum(tally => tally.Count);
        }
    }

    private static string Expected(decimal? percent) =>
        percent is { } one ? string.Create(CultureInfo.InvariantCulture, $"{one:0.#} %") : "";
}
