using NurtureEngine.Channels.Email;
using NurtureEngine.Host.Scheduling;
using NurtureEngine.Host.Storage;
using NurtureEngine.Host.Tracks;
using NurtureEngine.Postgres.Touches;

namespace NurtureEngine.Host.Touches;

/// <summary>
/// Claims due touches and hands them over in small groups, several at a time. A group that fails is gone through one by one, so that
/// one touch never holds up another.
/// </summary>
internal sealed partial class DispatchWorker(
    TouchStore store,
    HandOver handOver,
    IEmailTransport transport,
    TrackCatalog tracks,
    TimeProvider machineTime,
    [FromKeyedServices(Clocks.Business)] TimeProvider business,
    ILogger<DispatchWorker> logger
) : ITurn
{
    /// <summary>How many touches are in hand together; no crash leaves more uncertain than this, times the groups at a time.</summary>
    public const int GroupSize = 64;

    /// <summary>How many groups are in hand at a time.</summary>
    public const int Groups = 8;

    private const string DestinationFull = "rate.destination";

    private static readonly TimeSpan ClaimHold = TimeSpan.FromMinutes(1);

    // While nobody takes messages, nothing is claimed; then somebody looks again.
    private static readonly TimeSpan WhileUnreachable = TimeSpan.FromSeconds(15);

    private long? _unreachableSince;

    public string Name => "dispatch";

    public async Task<bool> RunTurnAsync(CancellationToken cancellationToken)
    {
        if (_unreachableSince is { } since && machineTime.GetElapsedTime(since) < WhileUnreachable)
        {
            return false;
        }

        await tracks.RefreshAsync(always: false, cancellationToken);
        var lease = Guid.NewGuid();
        var claimed = await store.ClaimAsync(
            lease,
            ClaimHold,
            business.GetUtcNow(),
            GroupSize * Groups,
            cancellationToken
        );
        await tracks.Contents.EnsureAsync(claimed.Select(touch => touch.ContentVersionId), cancellationToken);
        var ready = await QueueAsync(claimed, lease, cancellationToken);
        await Parallel.ForEachAsync(
            ready.Chunk(GroupSize),
            new ParallelOptions { MaxDegreeOfParallelism = Groups, CancellationToken = cancellationToken },
            async (group, token) => await RunGroupAsync(group, lease, token)
        );
        return claimed.Count > 0 && _unreachableSince is null;
    }

    // Who is told to wait for their destination's turn has a place in its queue, and asks for no other when they come back.
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
            var wait =
                touch.Domain is null || touch.Code == DestinationFull ? TimeSpan.Zero : transport.WaitFor(touch.Domain);
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
        try
        {
            await using var session = await transport.OpenAsync(group.Length, cancellationToken);
            Reached();
            await handOver.RunAsync(group, lease, session, cancellationToken);
        }
        catch (EmailTransportException exception)
        {
            Unreachable(exception);
            await store.ReleaseAsync(
                [.. group.Select(touch => (touch, WhileUnreachable))],
                lease,
                "channel.unreachable",
                cancellationToken
            );
        }
#pragma warning disable CA1031 // One poisonous touch must not hold up the others: it is found by going on one by one, and set aside.
        catch (Exception exception) when (exception is not OperationCanceledException && !Outage.Is(exception))
#pragma warning restore CA1031
        {
            LogGroupFailed(exception, group.Length);
            await OneByOneAsync(group, lease, exception, cancellationToken);
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
            LogReached();
        }
    }

    // Told when it begins and when it is over, not every time.
    private void Unreachable(EmailTransportException exception)
    {
        if (_unreachableSince is null)
        {
            LogUnreachable(exception.Message);
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
        Message = "No e-mail leaves until the server takes it: {Reason}"
    )]
    private partial void LogUnreachable(string reason);

    [LoggerMessage(EventId = 3005, Level = LogLevel.Information, Message = "The server takes e-mail again")]
    private partial void LogReached();
}
