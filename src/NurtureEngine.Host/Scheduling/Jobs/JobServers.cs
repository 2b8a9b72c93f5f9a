using Hangfire;
using NurtureEngine.Core.Touches;
using NurtureEngine.Host.Storage;

namespace NurtureEngine.Host.Scheduling.Jobs;

/// <summary>
/// Runs this host's servers of Hangfire: one for each channel, so that a big slot never keeps another channel waiting, and one for the duties. A
/// host whose program is too old for the schema stops them.
/// </summary>
internal sealed partial class JobServers(
    JobStorage storage,
    JobActivator activator,
    SchemaFence fence,
    TimeProvider machineTime,
    ILogger<JobServers> logger
) : BackgroundService
{
    private const string Duties = "default";

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        var servers = new[] { Channel.Email, Duties }
            .Select(queue => new BackgroundJobServer(OptionsOf(queue), storage))
            .ToList();
        try
        {
            using var timer = new PeriodicTimer(BetweenLooks, machineTime);
            while (!fence.IsClosed && await timer.WaitForNextTickAsync(stoppingToken)) { }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            LogStopping(servers.Count);
        }
        finally
        {
            servers.ForEach(server => server.SendStop());
            servers.ForEach(server => server.Dispose());
        }
    }

    private BackgroundJobServerOptions OptionsOf(string queue) =>
        new()
        {
            Activator = activator,
            Queues = [queue],
            ServerName = $"{Environment.MachineName}:{queue}",
            WorkerCount = 1,
            SchedulePollingInterval = TimeSpan.FromSeconds(1),
            HeartbeatInterval = TimeSpan.FromSeconds(5),
            ServerTimeout = TimeSpan.FromSeconds(30),
            ServerCheckInterval = TimeSpan.FromSeconds(15),
            CancellationCheckInterval = TimeSpan.FromSeconds(5),
            ShutdownTimeout = TimeSpan.FromSeconds(10),
        };

    [LoggerMessage(EventId = 4005, Level = LogLevel.Debug, Message = "Stopping {Count} job servers")]
    private partial void LogStopping(int count);
}
