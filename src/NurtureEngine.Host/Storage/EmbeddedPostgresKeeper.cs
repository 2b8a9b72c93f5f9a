namespace NurtureEngine.Host.Storage;

/// <summary>Looks every second whether the private server still runs, and starts it again where it does not.</summary>
internal sealed partial class EmbeddedPostgresKeeper(
    NurtureDatabase database,
    TimeProvider machineTime,
    ILogger<EmbeddedPostgresKeeper> logger
) : BackgroundService
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (database.Embedded is not { } server)
        {
            return;
        }

        using var timer = new PeriodicTimer(BetweenLooks, machineTime);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await KeepAsync(server, stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }

    private async Task KeepAsync(EmbeddedPostgres server, CancellationToken cancellationToken)
    {
        try
        {
            if (await server.EnsureRunningAsync(cancellationToken))
            {
                LogRestarted();
            }
        }
#pragma warning disable CA1031 // A keeper that dies takes the host along; whatever hinders it now may be gone in a second.
        catch (Exception exception) when (exception is not OperationCanceledException)
#pragma warning restore CA1031
        {
            LogDown(exception.Message);
        }
    }

    [LoggerMessage(
        EventId = 4101,
        Level = LogLevel.Warning,
        Message = "The private PostgreSQL had ended and was started again"
    )]
    private partial void LogRestarted();

    [LoggerMessage(
        EventId = 4102,
        Level = LogLevel.Error,
        Message = "The private PostgreSQL is down and is tried again in a second: {Reason}"
    )]
    private partial void LogDown(string reason);
}
