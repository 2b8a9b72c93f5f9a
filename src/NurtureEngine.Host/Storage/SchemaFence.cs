using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;
using NurtureEngine.Postgres.Migrations;

namespace NurtureEngine.Host.Storage;

/// <summary>
/// Stops a host's work once a newer host has migrated the schema beyond what this program supports. The process stays up, reports why, and is not ready.
/// </summary>
internal sealed partial class SchemaFence(
    NpgsqlDataSource database,
    TimeProvider machineTime,
    ILogger<SchemaFence> logger
) : BackgroundService, IHealthCheck
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(10);

    private volatile string? _reason;

    /// <summary>Whether this host must do no more work.</summary>
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
            // The work loops report that the database is away.
        }
    }

    /// <summary>Answers 503 to a request that may write, with the reason: what this program writes might be lost.</summary>
    public Task RefuseWritesAsync(HttpContext context, RequestDelegate next) =>
        _reason is { } reason
        && !HttpMethods.IsGet(context.Request.Method)
        && !HttpMethods.IsHead(context.Request.Method)
            ? TypedResults.Problem(reason, statusCode: StatusCodes.Status503ServiceUnavailable).ExecuteAsync(context)
            : next(context);

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
