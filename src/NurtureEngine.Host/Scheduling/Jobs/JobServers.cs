using Hangfire;
using Hangfire.Client;
using Hangfire.Common;
using Hangfire.Server;
using Hangfire.States;
using NurtureEngine.Core.Channels;
using NurtureEngine.Host.Storage;

namespace NurtureEngine.Host.Scheduling.Jobs;

/// <summary>
/// Runs this host's servers of Hangfire: one for each channel, so that a big slot never keeps another channel waiting, and one for the duties. A
/// host whose program is too old for the schema stops them.
/// </summary>
internal sealed class JobServers(
    JobStorage storage,
    JobActivator activator,
    ChannelSet channels,
    SchemaFence fence,
    TimeProvider machineTime
) : BackgroundService
{
    /// <summary>How long what is being sent has to finish when the host is ended.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(35);

    private const string Duties = "default";

    // One that takes long must not keep the others waiting.
    private const int DutyWorkers = 3;

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        var servers = channels
            .All.Select(channel => Start(channel.Name, workers: 1))
            .Append(Start(Duties, DutyWorkers))
            .ToList();
        try
        {
            using var timer = new PeriodicTimer(BetweenLooks, machineTime);
            while (!fence.IsClosed && await timer.WaitForNextTickAsync(stoppingToken)) { }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { }
        finally
        {
            servers.ForEach(server => server.SendStop());
            servers.ForEach(server => server.Dispose());
        }
    }

    // Put together here, since Hangfire's own server waits longer and longer after failures, and minutes after an outage of the database.
    private BackgroundProcessingServer Start(string queue, int workers)
    {
        var filters = JobFilterProviders.Providers;
        var states = new BackgroundJobStateChanger(filters);
        return new BackgroundProcessingServer(
            storage,
            [
                new Worker([queue], new BackgroundJobPerformer(filters, activator), states).UseBackgroundPool(workers),
                new DelayedJobScheduler(BetweenLooks, states).UseBackgroundPool(1),
                new RecurringJobScheduler(
                    new BackgroundJobFactory(filters),
                    BetweenLooks,
                    new DefaultTimeZoneResolver()
                ).UseBackgroundPool(1),
            ],
            new Dictionary<string, object> { ["Queues"] = new[] { queue }, ["WorkerCount"] = workers },
            new BackgroundProcessingServerOptions
            {
                ServerName = $"{Environment.MachineName}:{queue}",
                HeartbeatInterval = TimeSpan.FromSeconds(5),
                ServerTimeout = TimeSpan.FromSeconds(30),
                ServerCheckInterval = TimeSpan.FromSeconds(15),
                CancellationCheckInterval = TimeSpan.FromSeconds(5),
                RetryDelay = _ => BetweenLooks,
                RestartDelay = BetweenLooks,
                ShutdownTimeout = Grace,
            }
        );
    }
}
