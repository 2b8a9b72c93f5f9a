using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using NurtureEngine.Core.Intake.WeChat;
using NurtureEngine.Host.Configuration;
using NurtureEngine.Postgres.WeChat;

namespace NurtureEngine.Host.WeChat;

/// <summary>Whether WeChat accepts the official accounts; where it does not, the host still does everything else.</summary>
internal sealed class WeChatHealth(
    AccessTokenStore store,
    FollowerImportStore followers,
    IOptions<NurtureOptions> options
) : IHealthCheck
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

        string[] accounts = [.. names.Keys];
        var imports = await followers.ListAsync(accounts, cancellationToken);
        var faults = (await store.ListFaultsAsync(accounts, cancellationToken))
            .Select(fault => $"{names[fault.Account]}: {fault.Fault}")
            .Concat(
                imports
                    .Where(import => import.Fault is not null)
                    .Select(import => $"{names[import.Account]}: its followers can't be read: {import.Fault}")
            )
            .ToList();
        var progress = imports
            .Where(import => import is { IsFinished: false, Fault: null })
            .Select(import => $"{names[import.Account]}: {import.Done} of {import.Total} followers read");
        return faults.Count > 0
            ? HealthCheckResult.Degraded(string.Join("; ", faults))
            : HealthCheckResult.Healthy(string.Join("; ", progress) is { Length: > 0 } told ? told : null);
    }
}
