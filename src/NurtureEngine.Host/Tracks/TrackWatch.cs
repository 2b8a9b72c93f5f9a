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

    private readonly ConcurrentDictionary<(string Track, int? Number, int? Days), SharedReading<TrackFlow?>> _flows =
        new();

    public async Task<TrackFlow?> ReadAsync(
        string definitionId,
        int? number,
        int? days,
        CancellationToken cancellationToken
    )
    {
        // Each period is counted on its own, so only those that pages offer are.
        var key = (definitionId, number, TrackFlow.Periods.Contains(days ?? 0) ? days : null);
        Forget();
        var flow = _flows.GetOrAdd(
            key,
            _ => new SharedReading<TrackFlow?>(
                async token =>
                    await figures.FindVersionAsync(definitionId, number, token) is { } version
                        ? await ReadAsync(definitionId, version, key.Item3, token)
                        : null,
                Pause,
                machineTime
            )
        );
        var seen = await flow.GetAsync(cancellationToken);
        if (seen is null)
        {
            _flows.TryRemove(key, out _);
        }

        return seen;
    }

    public async Task<StepLeads> LeadsAsync(StepQuery query, LeadReach reach, CancellationToken cancellationToken) =>
        await figures.FindVersionAsync(query.DefinitionId, query.Number, cancellationToken) is { } version
            ? await figures.LeadsAsync(version, query, reach, cancellationToken)
            : new StepLeads([], null);

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
        var since = days is { } back
            ? DateOnly.FromDateTime(business.GetUtcNow().UtcDateTime).AddDays(1 - back)
            : (DateOnly?)null;
        // Of days from before the counts began, leads would seem to be lost.
        var begun = await figures.CountsFromAsync(cancellationToken);
        var counted = since is null || begun > since ? begun : since;
        var read = await figures.ReadAsync(version, since, counted, cancellationToken);
        var counts = read.Counts.ToDictionary(count => count.Step, StringComparer.Ordinal);
        var outcomes = catalog.Find(new TrackVersionId(version.Id))?.Settings.Outcomes ?? TrackOutcomes.Usual;
        return new TrackFlow
        {
            Track = definitionId,
            VersionId = version.Id,
            Number = version.Number,
            Since = since,
            CountedFrom = counted == since ? null : counted,
            Inside = read.Inside,
            Parked = read.Parked,
            Steps = [.. counts.Keys.Union(read.Waiting.Keys).Select(FlowOf)],
            Ends =
            [
                .. read
                    .Ends.Select(end => new TrackEnd(end.Code, end.Stage, outcomes.Of(end.Code, end.Stage), end.Count))
                    .OrderByDescending(end => end.Count),
            ],
        };

        StepFlow FlowOf(string step)
        {
            var (_, entered, passed) = counts.GetValueOrDefault(step);
            var (waiting, known) = read.Waiting.GetValueOrDefault(step);
            return new StepFlow(step, (int)entered, waiting, (int)passed, (int)Math.Max(0, entered - passed - known));
        }
    }

    // Readings without watchers are dropped; their semaphores hold nothing.
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
