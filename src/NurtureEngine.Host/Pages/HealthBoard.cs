using Hangfire;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using NurtureEngine.Core.Channels;
using NurtureEngine.Core.Reports;
using NurtureEngine.Host.Scheduling;
using NurtureEngine.Postgres.Migrations;
using NurtureEngine.Postgres.Reports;

namespace NurtureEngine.Host.Pages;

/// <inheritdoc cref="IHealthBoard" />
internal sealed class HealthBoard(
    HealthCheckService health,
    BacklogStore backlog,
    ChannelSet channels,
    IServiceProvider services,
    [FromKeyedServices(Clocks.Business)] TimeProvider business
) : IHealthBoard
{
    private const int Bound = 100_000;

    public async Task<HealthSheet> ReadAsync(CancellationToken cancellationToken)
    {
        var report = await health.CheckHealthAsync(cancellationToken);
        var waits = await backlog.ReadAsync(channels.Names, business.GetUtcNow(), Bound, cancellationToken);
        return new HealthSheet(
            [
                .. report.Entries.Select(entry =>
                    (
                        entry.Key,
                        entry.Value.Status switch
                        {
                            HealthStatus.Healthy => "ok",
                            HealthStatus.Degraded => "degraded",
                            _ => "down",
                        },
                        entry.Value.Description
                    )
                ),
            ],
            services.GetService<JobStorage>() is { } storage ? JobsOf(storage) : null,
            [
                ("inboxPending", waits.InboxPending),
                ("inboxDead", waits.InboxDead),
                ("enrollmentsDue", waits.EnrollmentsDue),
                ("enrollmentsParked", waits.EnrollmentsParked),
                ("touchesDue", waits.TouchesDue),
                ("touchesAwaitingApproval", waits.TouchesAwaitingApproval),
                ("touchesUncertain", waits.TouchesUncertain),
            ],
            TimeSpan.FromSeconds(waits.OldestTouchSeconds),
            MigrationRunner.Program
        );
    }

    private static JobFigures JobsOf(JobStorage storage)
    {
        var monitor = storage.GetMonitoringApi();
        return new JobFigures(
            [
                .. monitor
                    .Servers()
                    .Select(server =>
                        (
                            server.Name.Split(':')[0],
                            string.Join(", ", server.Queues),
                            server.WorkersCount,
                            server.Heartbeat is { } at ? new DateTimeOffset(at, TimeSpan.Zero) : (DateTimeOffset?)null
                        )
                    ),
            ],
            monitor.ScheduledCount(),
            monitor.ProcessingCount(),
            monitor.FailedCount()
        );
    }
}
