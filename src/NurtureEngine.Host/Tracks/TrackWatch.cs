using System.Collections.Concurrent;
using NurtureEngine.Core.Reports;
using NurtureEngine.Core.Tracks;
using NurtureEngine.Host.Scheduling;
using NurtureEngine.Postgres.Tracks;

namespace NurtureEngine.Host.Tracks;

/// <inheritdoc cref="ITrackWatch" />
internal sealed class TrackWatch(
    StepFigures figures,
    TrackCatalog catalog,
    TimeProvider machineTime,
    [FromKeyedServices(Clocks.Business)] TimeProvider business
) : ITrackWatch, IDisposable
{
    private const int MostKept = 200;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<(int Version, int? Days), SharedReading<TrackFlow>> _flows = new();

    public async Task<TrackFlow?> ReadAsync(
        string definitionId,
        int? number,
        int? days,
        CancellationToken cancellationToken
    )
    {
        if (await figures.FindVersionAsync(definitionId, number, cancellationToken) is not { } version)
        {
            return null;
        }

        Forget();
        var flow = _flows.GetOrAdd(
            (version.Id, days),
            _ => new SharedReading<TrackFlow>(
                token => ReadAsync(definitionId, version, days, token),
                Pause,
                machineTime
            )
        );
        return await flow.GetAsync(cancellationToken);
    }

    public async Task<IReadOnlyList<StepLead>> LeadsAsync(
        StepQuery query,
        LeadReach reach,
        CancellationToken cancellationToken
    ) =>
        await figures.FindVersionAsync(query.DefinitionId, query.Number, cancellationToken) is { } version
            ? await figures.LeadsAsync(version, query, reach, cancellationToken)
            : [];

    public void Dispose()
    {
        foreach (var flow in _flows.Values)
        {
            flow.Dispose();
        }
    }

    private async Task<TrackFlow> ReadAsync(
        string definitionId,
        VersionKey version,
        int? days,
        CancellationToken cancellationToken
    )
    {
        await catalog.RefreshAsync(always: false, cancellationToken);
        var since = await SinceAsync(days, cancellationToken);
        var (counting, ending) = (
            figures.CountsAsync(version.Id, since, cancellationToken),
            figures.EndsAsync(version, since, cancellationToken)
        );
        var standing = await figures.StandingAsync(version.Id, since, cancellationToken);
        var counts = (await counting).ToDictionary(count => count.Step, StringComparer.Ordinal);
        var ends = await ending;
        var outcomes = catalog.Find(new TrackVersionId(version.Id))?.Settings.Outcomes ?? TrackOutcomes.Usual;
        return new TrackFlow
        {
            Track = definitionId,
            VersionId = version.Id,
            Number = version.Number,
            Since = since,
            Inside = standing.Inside,
            Parked = standing.Parked,
            Steps =
            [
                .. counts
                    .Keys.Union(standing.Waiting.Keys)
                    .Select(step =>
                    {
                        var (_, entered, passed) = counts.GetValueOrDefault(step);
                        return new StepFlow(step, (int)entered, standing.Waiting.GetValueOrDefault(step), (int)passed);
                    }),
            ],
            Ends =
            [
                .. ends.Select(end => new TrackEnd(end.Code, end.Stage, outcomes.Of(end.Code, end.Stage), end.Count))
                    .OrderByDescending(end => end.Count),
            ],
        };
    }

    // Days from before the counts began would seem to have lost leads.
    private async Task<DateOnly?> SinceAsync(int? days, CancellationToken cancellationToken)
    {
        var begun = await figures.CountsFromAsync(cancellationToken);
        var wanted = days is { } back
            ? DateOnly.FromDateTime(business.GetUtcNow().UtcDateTime).AddDays(1 - back)
            : (DateOnly?)null;
        return wanted is null || begun > wanted ? begun : wanted;
    }

    // What nobody watches any more is dropped; its semaphore holds nothing.
    private void Forget()
    {
        if (_flows.Count > MostKept)
        {
            foreach (var flow in _flows.Where(flow => flow.Value.Unasked > KeptFor))
            {
                _flows.TryRemove(flow);
            }
        }
    }
}
