using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;
using NurtureEngine.Postgres.Migrations;

namespace NurtureEngine.Host.Storage;

/// <summary>
/// Stops a host's work when a newer host has brought the schema to where this program can't follow: while it runs, as at its start. The process stays,
/// so that it says why and its health is not ready.
/// </summary>
internal sealed partial class SchemaFence(
    NpgsqlDataSource database,
    TimeProvider machineTime,
    ILogger<SchemaFence> logger
) : BackgroundService, IHealthCheck
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(10);

    private volatile string? _reason;

    /// <summary>Whether nothing may be worked on any more.</summary>
    public bool IsClosed => _reason is not null;

    /// <summary>Asks the database once.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await MigrationRunner.FindRefusalAsync(database, cancellationToken) is { } reason && !IsClosed)
            {
                _reason = reason;
                LogClosed(reason);
            }
        }
        catch (Exception exception) when (Outage.Is(exception))
        {
            // Whoever works says that the database is away.
        }
    }

    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    ) => Task.FromResult(_reason is { } reason ? HealthCheckResult.Unhealthy(reason) : HealthCheckResult.Healthy());

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(BetweenLooks, machineTime);
        while (!IsClosed && await timer.WaitForNextTickAsync(stoppingToken))
        {
            await LookAsync(stoppingToken);
        }
    }

    [LoggerMessage(EventId = 4004, Level = LogLevel.Critical, Message = "This host has stopped its work: {Reason}")]
    private partial void LogClosed(string reason);
}
