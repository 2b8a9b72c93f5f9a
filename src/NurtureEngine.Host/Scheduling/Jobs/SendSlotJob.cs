using Hangfire;
using NurtureEngine.Host.Storage;
using NurtureEngine.Host.Touches;

namespace NurtureEngine.Host.Scheduling.Jobs;

/// <summary>
/// Sends what is due on a channel until the slot's minute is over and nothing is due any more. It holds no truth: two of them share the work, and
/// where one ends early <see cref="SlotTurn"/> starts another.
/// </summary>
[AutomaticRetry(Attempts = 0, LogEvents = false)]
internal sealed partial class SendSlotJob(
    DispatchTurn dispatch,
    WorkSignal signal,
    SchemaFence fence,
    TimeProvider machineTime,
    [FromKeyedServices(Clocks.Business)] TimeProvider business,
    ILogger<SendSlotJob> logger
)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan AfterOutage = TimeSpan.FromSeconds(1);
    private static readonly Task Never = new TaskCompletionSource().Task;

    // Clocks of hosts differ a little. Who is further behind than this would keep a server waiting for nothing.
    private static readonly TimeSpan MostEarly = TimeSpan.FromSeconds(10);

    /// <summary>Works on a slot (UTC, business time, to the minute) of a channel.</summary>
    public async Task RunAsync(string channel, DateTimeOffset slot, CancellationToken cancellationToken)
    {
        var since = machineTime.GetTimestamp();
        while (!fence.IsClosed)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var woken = signal.Next;
            switch (await DispatchAsync(channel, cancellationToken))
            {
                case DispatchOutcome.Worked:
                    signal.Raise();
                    break;
                case DispatchOutcome.NothingDue when !IsOver(slot, machineTime.GetElapsedTime(since)):
                    await WaitAsync(woken, BetweenLooks, cancellationToken);
                    break;
                case null when !IsOver(slot, machineTime.GetElapsedTime(since)):
                    await WaitAsync(Never, AfterOutage, cancellationToken);
                    break;
                default:
                    return;
            }
        }
    }

    // Null while the database is away: what was claimed falls back by itself.
    private async Task<DispatchOutcome?> DispatchAsync(string channel, CancellationToken cancellationToken)
    {
        try
        {
            return await dispatch.DispatchAsync(channel, cancellationToken);
        }
        catch (Exception exception) when (Outage.Is(exception))
        {
            return null;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogFailed(exception, channel);
            throw new JobFailedException(exception);
        }
    }

    // So that a trickle makes one job a minute, and not one per touch.
    private bool IsOver(DateTimeOffset slot, TimeSpan worked)
    {
        var now = business.GetUtcNow();
        return now >= slot + Minute || slot - now > MostEarly || worked >= Minute + MostEarly;
    }

    private async Task WaitAsync(Task woken, TimeSpan most, CancellationToken cancellationToken)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(woken, Task.Delay(most, machineTime, waiting.Token));
        await waiting.CancelAsync();
    }

    [LoggerMessage(
        EventId = JobFailedException.EventId,
        Level = LogLevel.Error,
        Message = "Sending on {Channel} failed"
    )]
    private partial void LogFailed(Exception exception, string channel);
}
