using System.Globalization;
using NurtureEngine.Core.Rulebooks;
using NurtureEngine.Core.Tracks;
using NurtureEngine.Postgres.Reports;
using static NurtureEngine.Host.Demo.Figures.TextTable;

namespace NurtureEngine.Host.Demo.Figures;

/// <summary>What came of tracks: of the leads who were enrolled, and beside what was expected.</summary>
internal sealed class DemoOutcomes(TrackResults results, TrackSet tracks, IReadOnlyList<LifeCycle> cycles)
{
    // What became of enrollments, in the order of the columns.
    private static readonly string[] Outcomes =
    [
        "active",
        "paused",
        "completed",
        "ended at goal or later stage",
        "handed to sales",
        "regressed",
        "moved to higher-priority track",
        "moved to another track",
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
            "goal.reached" or "stage.advanced" => "ended at goal or later stage",
            "lead.handed_off" => "handed to sales",
            "stage.regressed" => "regressed",
            LaneRule.Taken => "moved to higher-priority track",
            "track.moved" => "moved to another track",
            "lead.unsubscribed" or "lead.complained" => "opted out",
            "time.over" => "time limit",
            _ => "other",
        };

    /// <param name="tracked">The marketing e-mails by track, as <see cref="TrackResults.MailAsync"/> has them.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<string> ExpectedAsync(List<Tally> tracked, CancellationToken cancellationToken)
    {
        var mail = tracked.ToLookup(tally => tally.Row);
        var over = (
            await results.ReachedAsync(
                [.. tracks.Current.Select(track => (track.Track.DefinitionId, track.Track.Settings.LifeCycle))],
                cycles,
                cancellationToken
            )
        ).ToLookup(tally => tally.Row);
        return Of(
            "Expected and actual, by track",
            [
                "delivered",
                "opened: expected",
                "actual",
                "clicked: expected",
                "actual",
                "ended",
                "came to goal or later stage: expected",
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
