using Microsoft.Extensions.Diagnostics.HealthChecks;
using NurtureEngine.Channels.Http;

namespace NurtureEngine.Host.Outgoing;

/// <summary>Degraded while some other system is not called, since calls of it have failed. The engine itself works.</summary>
internal sealed class OutgoingHealth(TargetHealth targets) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    ) =>
        Task.FromResult(
            targets.Broken is { Count: > 0 } broken
                ? HealthCheckResult.Degraded($"Not called for a while: {string.Join(", ", broken)}.")
                : HealthCheckResult.Healthy()
        );
}
