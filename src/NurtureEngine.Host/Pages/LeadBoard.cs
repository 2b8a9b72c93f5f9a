using System.Text.Json.Nodes;
using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Reports;
using NurtureEngine.Core.Tracks.Running;
using NurtureEngine.Host.Api;
using NurtureEngine.Host.Tracks;
using NurtureEngine.Postgres.Leads;
using NurtureEngine.Postgres.Touches;
using NurtureEngine.Postgres.Tracks;

namespace NurtureEngine.Host.Pages;

/// <inheritdoc cref="ILeadBoard" />
internal sealed class LeadBoard(
    LeadQueries leads,
    EnrollmentQueries enrollments,
    TouchQueries touches,
    TrackCatalog catalog
) : ILeadBoard
{
    private const int Most = 100;

    // Moments on the way that say nothing to a reader.
    private static readonly string[] OnTheWay = ["touch.handing", "engine.lane_freed"];

    public async Task<LeadSheet?> FindAsync(long id, LeadReach reach, CancellationToken cancellationToken)
    {
        if (await leads.FindAsync(id, reach, cancellationToken) is not { } lead)
        {
            return null;
        }

        var entered = await enrollments.ListAsync(id, state: null, after: null, Most, cancellationToken);
        var planned = await touches.ListAsync(id, state: null, after: null, Most, cancellationToken);
        await catalog.RefreshAsync(always: false, cancellationToken);
        var contents = planned.Items.ToDictionary(touch => touch.Id.ToString("D"), touch => touch.Content);
        var plans = new LeadPlans(catalog.Tracks);
        var happened = await leads.TimelineAsync(id, reach, before: null, Most, cancellationToken);
        var fields = LeadView.Known(lead.Fields);
        return new LeadSheet(
            id,
            (string?)fields[Fields.Name] ?? (string?)fields[Fields.Email] ?? $"{id}",
            [.. fields.Select(field => (field.Key, $"{field.Value}"))],
            [
                .. JsonNode
                    .Parse(lead.Stages ?? "[]")!
                    .AsArray()
                    .Select(stage =>
                        ((string)stage!["lifeCycle"]!, (string)stage["stage"]!, (DateTimeOffset)stage["since"]!)
                    ),
            ],
            [
                .. entered
                    .Items.Reverse()
                    .Select(row => new LeadEnrollment(
                        row.Track,
                        row.Version,
                        ((EnrollmentState)row.State).ToString().ToLowerInvariant(),
                        row.EnteredAt,
                        row.Code,
                        row.Argument
                    )),
            ],
            [
                .. planned
                    .Items.OrderByDescending(touch => touch.DueAt)
                    .Select(touch => new LeadTouch(
                        touch.Content,
                        touch.Track,
                        // In hand for seconds.
                        touch.State == "claimed"
                            ? "handing"
                            : touch.State,
                        touch.DueAt,
                        touch.Code,
                        touch.Argument,
                        plans.PurposeOf(touch)
                    )),
            ],
            [.. entered.Items.SelectMany(plans.Coming)],
            [
                .. happened
                    .Items.Where(entry => !OnTheWay.Contains(entry.Kind))
                    .Select(entry => MomentOf(entry, contents)),
            ]
        );
    }

    private static LeadMoment MomentOf(TimelineRow entry, Dictionary<string, string> contents)
    {
        var arguments = JsonNode.Parse(entry.Arguments)!.AsObject();
        return new LeadMoment(
            entry.OccurredAt,
            entry.Kind,
            (string?)arguments["code"],
            (string?)arguments["argument"],
            [
                .. arguments
                    .Where(one => one.Value is not null && one.Key is not ("code" or "argument"))
                    .Select(one =>
                        one.Key == "touch" && contents.TryGetValue($"{one.Value}", out var content)
                            ? ("content", content)
                            : (one.Key, $"{one.Value}")
                    ),
            ]
        );
    }
}
