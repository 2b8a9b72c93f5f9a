using NurtureEngine.Host.Scheduling;
using NurtureEngine.Postgres.Tracks;

namespace NurtureEngine.Host.Tracks;

/// <summary>Fires the triggers of the calendar: silence, and dates that come.</summary>
internal sealed class MomentsWorker(
    MomentStore store,
    TrackCatalog tracks,
    WorkSignal signal,
    [FromKeyedServices(Clocks.Business)] TimeProvider business
) : ITurn
{
    private const int BatchSize = 1_000;

    public string Name => "moments";

    /// <summary>One look at each trigger; true where one of them found as much as it takes at a time.</summary>
    public async Task<bool> RunTurnAsync(CancellationToken cancellationToken)
    {
        await tracks.RefreshAsync(always: false, cancellationToken);
        var (now, hasMore) = (business.GetUtcNow(), false);
        foreach (var track in tracks.Tracks.Current)
        {
            foreach (var (step, trigger) in track.Track.MomentTriggers)
            {
                hasMore |= await store.ScanAsync(track, step, trigger, BatchSize, now, cancellationToken);
            }
        }

        signal.Raise();
        return hasMore;
    }
}
