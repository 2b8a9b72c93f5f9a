using NurtureEngine.Postgres;

namespace NurtureEngine.Host.Scheduling;

/// <summary>Tells the other hosts when this one has made work, and wakes this one when another has.</summary>
internal sealed class WorkExchange(WorkChannel channel, WorkSignal signal, TimeProvider machineTime) : BackgroundService
{
    // A busy host would wake the others at every turn.
    private static readonly TimeSpan BetweenTellings = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(1);

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
    private static async Task QuietlyAsync(Func<Task> act)
    {
        try
        {
            await act();
        }
#pragma warning disable CA1031 // A hint that can't be given or heard must not take the host along.
        catch (Exception)
#pragma warning restore CA1031
        {
            // Tried again, unless the host stops.
        }
    }

    private Task PauseAsync(TimeSpan pause, CancellationToken cancellationToken) =>
        QuietlyAsync(() => Task.Delay(pause, machineTime, cancellationToken));
}
