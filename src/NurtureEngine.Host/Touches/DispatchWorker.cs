using NurtureEngine.Host.Scheduling;
using NurtureEngine.Host.Storage;
using NurtureEngine.Host.Tracks;
using NurtureEngine.Postgres.Touches;

namespace NurtureEngine.Host.Touches;

/// <summary>
/// Claims due touches and hands them over in small groups. A group that fails is gone through one by one, so that one touch
/// never holds up another.
/// </summary>
internal sealed partial class DispatchWorker(
    TouchStore store,
    HandOver handOver,
    TrackCatalog tracks,
    [FromKeyedServices(Clocks.Business)] TimeProvider business,
    ILogger<DispatchWorker> logger
) : ITurn
{
    private const int ClaimSize = 100;
    private const int GroupSize = 20;
    private static readonly TimeSpan ClaimHold = TimeSpan.FromMinutes(1);

    public string Name => "dispatch";

    public async Task<bool> RunTurnAsync(CancellationToken cancellationToken)
    {
        await tracks.RefreshAsync(always: false, cancellationToken);
        var lease = Guid.NewGuid();
        var claimed = await store.ClaimAsync(lease, ClaimHold, business.GetUtcNow(), ClaimSize, cancellationToken);
        await tracks.Contents.EnsureAsync(claimed.Select(touch => touch.ContentVersionId), cancellationToken);
        foreach (var group in claimed.Chunk(GroupSize))
        {
            await RunGroupAsync(group, lease, cancellationToken);
        }

        return claimed.Count > 0;
    }

    private async Task RunGroupAsync(ClaimedTouch[] group, Guid lease, CancellationToken cancellationToken)
    {
        try
        {
            await handOver.RunAsync(group, lease, cancellationToken);
        }
#pragma warning disable CA1031 // One poisonous touch must not hold up the others: it is found by going on one by one, and set aside.
        catch (Exception exception) when (exception is not OperationCanceledException && !Outage.Is(exception))
#pragma warning restore CA1031
        {
            LogGroupFailed(exception, group.Length);
            if (group.Length > 1)
            {
                foreach (var touch in group)
                {
                    await RunGroupAsync([touch], lease, cancellationToken);
                }
            }
            else
            {
                await store.GiveUpAsync(
                    group[0],
                    lease,
                    exception.GetType().Name,
                    business.GetUtcNow(),
                    cancellationToken
                );
            }
        }
    }

    [LoggerMessage(
        EventId = 3002,
        Level = LogLevel.Error,
        Message = "A group of {Count} touches failed at the gate and was rolled back"
    )]
    private partial void LogGroupFailed(Exception exception, int count);
}
