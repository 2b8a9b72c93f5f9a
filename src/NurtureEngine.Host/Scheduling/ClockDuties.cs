using NurtureEngine.Host.Storage;
using NurtureEngine.Host.Tracks;
using NurtureEngine.Postgres.Intake;
using NurtureEngine.Postgres.Migrations;
using NurtureEngine.Postgres.Touches;
using NurtureEngine.Postgres.Tracks;
using Quartz;

namespace NurtureEngine.Host.Scheduling;

/// <summary>Duties that the calendar calls for. Each is one turn; Quartz, clustered over the same database, only calls them.</summary>
internal static class ClockDuties
{
    public static IServiceCollection AddClockDuties(this IServiceCollection services, string connectionString) =>
        services
            .AddQuartz(quartz =>
            {
                quartz.ConfigureScheduler(scheduler => scheduler.InstanceName = "nurture");
                quartz.UsePersistentStore(store =>
                {
                    store.UsePostgres(connectionString);
                    store.UseClustering();
                    store.ProvisionSchema();
                });
                var partitions = new JobKey("partitions");
                quartz.AddJob<PartitionsJob>(job => job.WithIdentity(partitions));
                quartz.AddTrigger(trigger =>
                    trigger.ForJob(partitions).WithIdentity("partitions").WithCronSchedule("0 10 3 * * ?")
                );
                var retention = new JobKey("retention");
                quartz.AddJob<RetentionJob>(job => job.WithIdentity(retention));
                quartz.AddTrigger(trigger =>
                    trigger.ForJob(retention).WithIdentity("retention").WithCronSchedule("0 40 3 * * ?")
                );
                var lanes = new JobKey("lanes");
                quartz.AddJob<LanesJob>(job => job.WithIdentity(lanes));
                quartz.AddTrigger(trigger =>
                    trigger.ForJob(lanes).WithIdentity("lanes").WithCronSchedule("0 25 * * * ?")
                );
                var moments = new JobKey("moments");
                quartz.AddJob<MomentsJob>(job => job.WithIdentity(moments));
                quartz.AddTrigger(trigger =>
                    trigger.ForJob(moments).WithIdentity("moments").WithCronSchedule("0 * * * * ?")
                );
            })
            .AddQuartzHostedService(options => options.WaitForJobsToComplete = true);
}

/// <summary>Fires the triggers of the calendar.</summary>
[DisallowConcurrentExecution]
internal sealed class MomentsJob(MomentsWorker moments, SchemaFence fence) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        while (!fence.IsClosed && await moments.RunTurnAsync(cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}

/// <summary>Lets those go on that were set aside in a lane that nobody else is in.</summary>
[DisallowConcurrentExecution]
internal sealed class LanesJob(
    LaneRecovery recovery,
    TrackCatalog tracks,
    SchemaFence fence,
    [FromKeyedServices(Clocks.Business)] TimeProvider business
) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        if (!fence.IsClosed)
        {
            await tracks.RefreshAsync(always: false, cancellationToken);
            await recovery.RunTurnAsync(tracks.Tracks, business.GetUtcNow(), cancellationToken);
        }
    }
}

/// <summary>Deletes what is kept for a time only.</summary>
[DisallowConcurrentExecution]
internal sealed class RetentionJob(
    Retention retention,
    InboxStore inbox,
    SchemaFence fence,
    [FromKeyedServices(Clocks.Business)] TimeProvider business
) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        while (!fence.IsClosed && await retention.RunTurnAsync(business.GetUtcNow(), cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
        }

        while (!fence.IsClosed && await inbox.ForgetAsync(business.GetUtcNow(), cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}

/// <summary>Makes the partitions of the months to come.</summary>
[DisallowConcurrentExecution]
internal sealed class PartitionsJob(Partitions partitions, [FromKeyedServices(Clocks.Business)] TimeProvider business)
    : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) =>
        await partitions.RunTurnAsync(business.GetUtcNow(), cancellationToken);
}
