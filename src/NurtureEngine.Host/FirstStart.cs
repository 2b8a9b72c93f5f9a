using System.Security.Cryptography;
using NurtureEngine.Core.Intake;
using NurtureEngine.Host.Identity;
using NurtureEngine.Host.Rulebooks;
using NurtureEngine.Host.Scheduling;
using NurtureEngine.Host.Tracks;
using NurtureEngine.Postgres.Access;
using NurtureEngine.Postgres.Intake;
using NurtureEngine.Postgres.Migrations;

namespace NurtureEngine.Host;

/// <summary>What every start does before the first request; only on an empty database does it make anything but partitions.</summary>
internal sealed class FirstStart(
    Partitions partitions,
    CurrentRulebook rulebook,
    ApiKeyStore keys,
    WebhookSourceStore sources,
    FolderImport folders,
    TrackCatalog tracks,
    [FromKeyedServices(Clocks.Business)] TimeProvider business
)
{
    /// <summary>The name of the source that <c>fire</c> signs for.</summary>
    public const string DevSource = "dev";

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var now = business.GetUtcNow();
        await partitions.RunTurnAsync(now, cancellationToken);
        await rulebook.SeedAsync(now, cancellationToken);
        await rulebook.RefreshAsync(cancellationToken);
        await sources.EnsureAsync(
            DevSource,
            WebhookSignature.NewSecret(RandomNumberGenerator.GetBytes(32)),
            now,
            cancellationToken
        );
        await folders.RunAsync(now, cancellationToken);
        await tracks.RefreshAsync(always: true, cancellationToken);
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
}
