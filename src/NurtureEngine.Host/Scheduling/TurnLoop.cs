using NurtureEngine.Host.Storage;

namespace NurtureEngine.Host.Scheduling;

/// <summary>Takes turns for as long as there is work, and waits where there is none. The database, not the signal, is the truth.</summary>
internal sealed partial class TurnLoop<TTurn>(
    TTurn turn,
    WorkSignal signal,
    SchemaFence fence,
    TimeProvider machineTime,
    ILogger<TurnLoop<TTurn>> logger
) : BackgroundService
    where TTurn : ITurn
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(1);
    private static readonly Task Never = new TaskCompletionSource().Task;

    // An outage is told when it begins and when it is over, not once a second.
    private bool _isOut;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The host starts its services one after the other; none may hold up the next.
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested && !fence.IsClosed)
        {
            var woken = signal.Next;
            switch (await TakeTurnAsync(stoppingToken))
            {
                case Outcome.Worked:
                    signal.Raise();
                    break;
                case Outcome.Idle:
                    await WaitAsync(woken, BetweenLooks, stoppingToken);
                    break;
                case Outcome.Failed:
                    // Not woken earlier: while others work, a turn that keeps failing would spin.
                    await WaitAsync(Never, AfterFailure, stoppingToken);
                    break;
            }
        }
    }

    private enum Outcome
    {
        Worked,
        Idle,
        Failed,
    }

    private async Task<Outcome> TakeTurnAsync(CancellationToken cancellationToken)
    {
        try
        {
            var hasWorked = await turn.RunTurnAsync(cancellationToken);
            if (_isOut)
            {
                _isOut = false;
                LogOutageOver(turn.Name);
            }

            return hasWorked ? Outcome.Worked : Outcome.Idle;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return Outcome.Idle;
        }
#pragma warning disable CA1031 // Whatever went wrong was rolled back; the loop must go on, or the host stands still and looks alive.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            if (!Outage.Is(exception))
            {
                LogTurnFailed(exception, turn.Name);
            }
            else if (!_isOut)
            {
                _isOut = true;
                LogOutage(turn.Name, exception.Message);
            }

            return Outcome.Failed;
        }
    }

    private async Task WaitAsync(Task woken, TimeSpan pause, CancellationToken cancellationToken)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(woken, Task.Delay(pause, machineTime, waiting.Token));
        await waiting.CancelAsync();
    }

    [LoggerMessage(
        EventId = 4001,
        Level = LogLevel.Error,
        Message = "A turn of {Turn} failed and was rolled back; it is tried again in a second"
    )]
    private partial void LogTurnFailed(Exception exception, string turn);

    [LoggerMessage(EventId = 4002, Level = LogLevel.Warning, Message = "{Turn} waits for the database: {Reason}")]
    private partial void LogOutage(string turn, string reason);

    [LoggerMessage(EventId = 4003, Level = LogLevel.Information, Message = "{Turn} has the database again")]
    private partial void LogOutageOver(string turn);
}
