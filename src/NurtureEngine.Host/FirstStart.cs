using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using NurtureEngine.Core.Intake;
using NurtureEngine.Host.Identity;
using NurtureEngine.Host.Identity.Keys;
using NurtureEngine.Host.Identity.People;
using NurtureEngine.Host.Links;
using NurtureEngine.Host.Rulebooks;
using NurtureEngine.Host.Scheduling;
using NurtureEngine.Host.Tracks;
using NurtureEngine.Postgres.Access;
using NurtureEngine.Postgres.Intake;
using NurtureEngine.Postgres.Migrations;
using NurtureEngine.Postgres.Settings;

namespace NurtureEngine.Host;

/// <summary>What every start does before the first request; only on an empty database does it make anything but partitions.</summary>
internal sealed class FirstStart(
    Partitions partitions,
    CurrentRulebook rulebook,
    ApiKeyStore keys,
    WebhookSourceStore sources,
    FolderImport folders,
    TrackCatalog tracks,
    Installation installation,
    LinkKeys links,
    ProtectionKeys protection,
    IKeyManager keyManager,
    CalendarsFolder calendars,
    IServiceScopeFactory scopes,
    [FromKeyedServices(Clocks.Business)] TimeProvider business
)
{
    /// <summary>The name of the source that <c>fire</c> signs for.</summary>
    public const string DevSource = "dev";

    /// <summary>Gets everything ready; the answer is what was faulty in the folders, a sentence each.</summary>
    public async Task<IReadOnlyList<string>> RunAsync(CancellationToken cancellationToken)
    {
        var now = business.GetUtcNow();
        await partitions.RunTurnAsync(now, cancellationToken);
        await rulebook.SeedAsync(now, cancellationToken);
        await rulebook.RefreshAsync(cancellationToken);
        var faulty = await calendars.ImportAsync(now, cancellationToken);
        await sources.EnsureAsync(
            DevSource,
            WebhookSignature.NewSecret(RandomNumberGenerator.GetBytes(32)),
            now,
            cancellationToken
        );
        await installation.LoadAsync(cancellationToken);
        await links.LoadAsync(cancellationToken);
        protection.Load(keyManager);
        var faults = await folders.RunAsync(now, cancellationToken);
        await tracks.RefreshAsync(always: true, cancellationToken);
        return [.. faulty.Select(fault => $"{fault}"), .. faults];
    }

    /// <summary>
    /// Makes the first administrator's key where there is no key at all, for the caller to show at once; else null. Called when
    /// the host serves, so that a start that fails does not swallow it.
    /// </summary>
    public async Task<string?> MakeFirstKeyAsync(CancellationToken cancellationToken)
    {
        var key = ApiKeys.New();
        var isFirst = await keys.AddFirstAsync(
            "first administrator",
            ApiKeys.HashOf(key),
            [Scopes.Admin],
            business.GetUtcNow(),
            cancellationToken
        );
        return isFirst ? key : null;
    }

    /// <summary>
    /// Makes the first person, an administrator, where there is nobody; the answer is their password for the caller to show at once, else null.
    /// </summary>
    public async Task<string?> MakeFirstPersonAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<FirstPerson>().MakeAsync(cancellationToken);
    }
}
