using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using NurtureEngine.Core.Intake.WeChat;
using NurtureEngine.Host.Configuration;
using NurtureEngine.Postgres.WeChat;

namespace NurtureEngine.Host.WeChat;

/// <summary>Whether WeChat lets the official accounts in; a host without WeChat's good will still does everything else.</summary>
internal sealed class WeChatHealth(AccessTokenStore store, IOptions<NurtureOptions> options) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken
    )
    {
        var names = options.Value.WeChat.Accounts.ToDictionary(
            account => WeChatEvent.SourceOf(account.Value.AppId),
            account => account.Key
        );
        if (names.Count == 0)
        {
            return HealthCheckResult.Healthy();
        }

        var faults = await store.ListFaultsAsync([.. names.Keys], cancellationToken);
        return faults.Count == 0
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Degraded(
                string.Join("; ", faults.Select(fault => $"{names[fault.Account]}: {fault.Fault}"))
            );
    }
}
