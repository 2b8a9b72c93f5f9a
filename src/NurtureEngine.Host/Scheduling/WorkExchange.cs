using NurtureEngine.Host.Storage;
using NurtureEngine.Postgres;

namespace NurtureEngine.Host.Scheduling;

/// <summary>Tells the other hosts when this one has made work, and wakes this one when another has.</summary>
internal sealed partial class WorkExchange(
    WorkChannel channel,
    WorkSignal signal,
    TimeProvider machineTime,
    ILogger<WorkExchange> logger
) : BackgroundService
{
    // A busy host would wake the others at every turn.
    private static readonly TimeSpan BetweenTellings = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(1);

    private bool _isTold;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        await Task.WhenAll(TellAsync(stoppingToken), ListenAsync(stoppingToken));
    }

    private async Task TellAsync(CancellationToken cancellationToken)
    {
        var next = signal.NextHere;
        while (!cancellationToken.IsCancellationRequested)
        {
            await QuietlyAsync(() => next.WaitAsync(cancellationToken));
            // Taken before telling, so that what is made meanwhile is told next.
            next = signal.NextHere;
            await QuietlyAsync(() => channel.TellAsync(cancellationToken));
            await PauseAsync(BetweenTellings, cancellationToken);
        }
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            await QuietlyAsync(() => channel.ListenAsync(signal.RaiseFromElsewhere, cancellationToken));
            await PauseAsync(AfterFailure, cancellationToken);
        }
    }

    // The loops say when the database is away; without this exchange they look for themselves.
    private async Task QuietlyAsync(Func<Task> act)
    {
        try
        {
            await act();
        }
#pragma warning disable CA1031 // A hint that can't be given or heard must not take the host along.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            // Told once: where LISTEN can't work at all (behind some poolers), it fails every second.
            if (exception is not OperationCanceledException && !Outage.Is(exception) && !_isTold)
            {
                _isTold = true;
                LogUnheard(exception);
            }
        }
    }

    private Task PauseAsync(TimeSpan pause, CancellationToken cancellationToken) =>
        QuietlyAsync(() => Task.Delay(pause, machineTime, cancellationToken));

    [LoggerMessage(
        EventId = 4004,
        Level = LogLevel.Warning,
        Message = "This host can't be woken by others, or wake them, and looks for work twice a second instead"
    )]
    private partial void LogUnheard(Exception exception);
}
