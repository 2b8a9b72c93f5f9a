using NurtureEngine.Core.Channels;
using NurtureEngine.Host.Storage;
using NurtureEngine.Host.Tracks;
using NurtureEngine.Postgres.Touches;

namespace NurtureEngine.Host.Touches;

/// <summary>
/// Claims the due touches of a channel and hands them over in small groups, several at a time. A group that fails is retried touch by touch, so that one touch never
/// holds up another.
/// </summary>
internal sealed partial class ChannelDispatch(
    IChannel channel,
    TouchStore store,
    SendingStop stop,
    HandOver handOver,
    TrackCatalog tracks,
    SchemaFence fence,
    TimeProvider machineTime,
    TimeProvider business,
    ILogger logger
)
{
    // Fewer in a lane would cost more transactions than the lane saves time.
    private const int FewestInLane = 8;

    private const string DestinationFull = "rate.destination";

    private static readonly TimeSpan ClaimHold = TimeSpan.FromMinutes(1);

    // How long nothing is claimed after the server could not be reached.
    private static readonly TimeSpan WhileUnreachable = TimeSpan.FromSeconds(15);

    private readonly GroupSize _size = new();
    private readonly LaneCount _lanes = new();
    private int _handed;
    private long? _unreachableSince;

    /// <summary>Whether the channel could not be reached a moment ago, so that nothing is tried yet.</summary>
    public bool IsUnreachable => _unreachableSince is { } since && machineTime.GetElapsedTime(since) < WhileUnreachable;

    /// <summary>Claims once what is due, hands it over, and tells how that went.</summary>
    public async Task<DispatchOutcome> DispatchAsync(CancellationToken cancellationToken)
    {
        if (IsUnreachable)
        {
            return DispatchOutcome.Unreachable;
        }

        if (await stop.IsStoppedAsync(channel.Name, cancellationToken))
        {
            return DispatchOutcome.Stopped;
        }

        await tracks.RefreshAsync(always: false, cancellationToken);
        var lease = Guid.NewGuid();
        var most = Math.Min(_size.Now * _lanes.Within(channel.Sessions), channel.MostWithin(ClaimHold / 3));
        var claimed = await store.ClaimAsync(
            channel.Name,
            lease,
            ClaimHold,
            business.GetUtcNow(),
            most,
            cancellationToken
        );
        await tracks.Contents.EnsureAsync(claimed.Select(touch => touch.ContentVersionId), cancellationToken);
        var ready = await QueueAsync(claimed, lease, cancellationToken);
        var since = machineTime.GetTimestamp();
        _handed = 0;
        await Parallel.ForEachAsync(
            LanesOf(ready),
            new ParallelOptions
            {
                MaxDegreeOfParallelism = _lanes.Within(channel.Sessions),
                CancellationToken = cancellationToken,
            },
            async (lane, token) =>
            {
                foreach (var group in lane.Chunk(Math.Min(_size.Now, channel.MostWithin(TimeSpan.FromSeconds(1)))))
                {
                    // What is claimed and not begun falls back when its lease ends.
                    if (fence.IsClosed)
                    {
                        return;
                    }

                    await RunGroupAsync(group, lease, token);
                }
            }
        );
        if (claimed.Count == most && !IsUnreachable)
        {
            _lanes.Learn(_handed / machineTime.GetElapsedTime(since).TotalSeconds, channel.Sessions);
        }

        return IsUnreachable ? DispatchOutcome.Unreachable
            : claimed.Count > 0 ? DispatchOutcome.Worked
            : DispatchOutcome.NothingDue;
    }

    // Those of one account or one address go one after the other, the more important first: side by side, the less important might use
    // up a cap.
    private IEnumerable<List<ClaimedTouch>> LanesOf(List<ClaimedTouch> ready)
    {
        var count = Math.Clamp(ready.Count / FewestInLane, 1, _lanes.Within(channel.Sessions));
        var lanes = Enumerable.Range(0, count).Select(_ => new List<ClaimedTouch>()).ToList();
        foreach (
            var unit in ready
                .GroupBy(touch => touch.AccountId is { } account ? $"{account}" : touch.Address ?? $"{touch.Id}")
                .OrderByDescending(unit => unit.Count())
        )
        {
            lanes.MinBy(lane => lane.Count)!.AddRange(unit);
        }

        return lanes
            .Where(lane => lane.Count > 0)
            .Select(lane => lane.OrderByDescending(touch => touch.Priority).ThenBy(touch => touch.DueAt).ToList());
    }

    // A deferred message keeps its place in the queue of its destination's rate limiter.
    private async Task<List<ClaimedTouch>> QueueAsync(
        IReadOnlyList<ClaimedTouch> claimed,
        Guid lease,
        CancellationToken cancellationToken
    )
    {
        var ready = new List<ClaimedTouch>();
        var waiting = new List<(ClaimedTouch Touch, TimeSpan Wait)>();
        foreach (var touch in claimed)
        {
            var destination = touch.Address is { } address ? channel.DestinationOf(address) : null;
            var wait = destination is null
                ? TimeSpan.Zero
                : channel.WaitFor(destination, hasPlace: touch.Code == DestinationFull);
            if (wait > TimeSpan.Zero)
            {
                waiting.Add((touch, wait));
            }
            else
            {
                ready.Add(touch);
            }
        }

        await store.ReleaseAsync(waiting, lease, DestinationFull, cancellationToken);
        return ready;
    }

    private async Task RunGroupAsync(ClaimedTouch[] group, Guid lease, CancellationToken cancellationToken)
    {
        await using var session = await OpenAsync(group, cancellationToken);
        if (session is null)
        {
            await store.ReleaseAsync(
                [.. group.Select(touch => (touch, WhileUnreachable))],
                lease,
                "channel.unreachable",
                cancellationToken
            );
            return;
        }

        try
        {
            var handed = await handOver.RunAsync(channel, group, lease, session, cancellationToken);
            Interlocked.Add(ref _handed, group.Length - handed.Untried);
            _size.Learn(group.Length, handed.Answered, handed.Untried);
            if (handed is { Answered: 0, IsLost: true })
            {
                Unreachable("It ended a connection before it had answered to a message.");
            }
            else if (handed.Answered > 0)
            {
                Reached();
            }
        }
#pragma warning disable CA1031 // One failing touch must not hold up the others: the group is retried touch by touch.
        catch (Exception exception) when (exception is not OperationCanceledException && !Outage.Is(exception))
#pragma warning restore CA1031
        {
            LogGroupFailed(exception, group.Length);
            await OneByOneAsync(group, lease, exception, cancellationToken);
        }
    }

    // Opened before the gate is asked, since connections and rates may have to be waited for. Null where the server can't be reached.
    private async Task<IChannelSession?> OpenAsync(ClaimedTouch[] group, CancellationToken cancellationToken)
    {
        try
        {
            return await channel.OpenAsync(group.Length, cancellationToken);
        }
#pragma warning disable CA1031 // A session that can't be opened is no fault of a touch: all of them wait.
        catch (Exception exception) when (exception is not OperationCanceledException)
#pragma warning restore CA1031
        {
            Unreachable(
                exception is ChannelException ? exception.Message : $"{exception.GetType().Name}: {exception.Message}"
            );
            return null;
        }
    }

    private async Task OneByOneAsync(
        ClaimedTouch[] group,
        Guid lease,
        Exception exception,
        CancellationToken cancellationToken
    )
    {
        if (group is [var alone])
        {
            var fault = exception.GetType().Name;
            await store.GiveUpAsync(alone, lease, fault, business.GetUtcNow(), cancellationToken);
            return;
        }

        foreach (var touch in group)
        {
            await RunGroupAsync([touch], lease, cancellationToken);
        }
    }

    private void Reached()
    {
        if (_unreachableSince is not null)
        {
            _unreachableSince = null;
            LogReached(channel.Name);
        }
    }

    // Logged when an outage begins and when it ends, not at each attempt.
    private void Unreachable(string reason)
    {
        if (_unreachableSince is null)
        {
            LogUnreachable(channel.Name, reason);
        }

        _unreachableSince = machineTime.GetTimestamp();
    }

    [LoggerMessage(
        EventId = 3002,
        Level = LogLevel.Error,
        Message = "A group of {Count} touches failed at the gate and was rolled back"
    )]
    private partial void LogGroupFailed(Exception exception, int count);

    [LoggerMessage(
        EventId = 3004,
        Level = LogLevel.Error,
        Message = "Nothing leaves by {Channel} until it can be reached: {Reason}"
    )]
    private partial void LogUnreachable(string channel, string reason);

    [LoggerMessage(EventId = 3005, Level = LogLevel.Information, Message = "{Channel} can be reached again")]
    private partial void LogReached(string channel);
}
