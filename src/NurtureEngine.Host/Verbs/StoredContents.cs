using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using NurtureEngine.Core.Tracks.Definitions;
using NurtureEngine.Host.Contents;
using NurtureEngine.Host.Rulebooks;
using NurtureEngine.Host.Storage;
using NurtureEngine.Host.Tracks;
using NurtureEngine.Postgres.Contents;
using NurtureEngine.Postgres.Settings;
using NurtureEngine.Postgres.Tracks;

namespace NurtureEngine.Host.Verbs;

/// <summary>The contents and tracks that a database holds and uses, for the verbs that check and renew them.</summary>
internal sealed class StoredContents(NurtureDatabase database)
{
    private readonly ContentStore _store = new(database.Source);
    private readonly ContentCatalog _catalog = new(
        new ContentStore(database.Source),
        NullLogger<ContentCatalog>.Instance
    );

    /// <summary>What this program can't use of what is current, planned or running; a sentence each.</summary>
    public async Task<IReadOnlyList<string>> FindFaultsAsync(CancellationToken cancellationToken)
    {
        var rulebook = new CurrentRulebook(new RulebookStore(database.Source));
        await rulebook.RefreshAsync(cancellationToken);
        await ReadAsync(cancellationToken);
        var context = _catalog.ContextUnder(rulebook.Value) with { IsPublished = true };
        var faults = _catalog
            .Unusable.SelectMany(version =>
                version.Faults.Select(fault => $"content version {version.Version}: {fault}")
            )
            .ToList();
        foreach (var row in await new TrackStore(database.Source).FindInForceAsync([], cancellationToken))
        {
            TrackCompiler.TryCompile(
                Encoding.UTF8.GetBytes(row.Definition!),
                TrackCatalog.ContextOf(row, context),
                out var found
            );
            faults.AddRange(found.Select(fault => $"track {row.DefinitionId}, version {row.Number}: {fault}"));
        }

        return faults;
    }

    /// <summary>Moves touches from versions that can't be used to the current version, where that one can; how many they were.</summary>
    public async Task<int> RenewAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await ReadAsync(cancellationToken);
        var unusable = _catalog.Unusable.Select(version => version.Version).ToArray();
        var usable = _catalog.Current.Values.Except(unusable).ToArray();
        return await _store.RenewAsync(unusable, usable, now, cancellationToken);
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        await _catalog.RefreshAsync(cancellationToken);
        await _catalog.EnsureInUseAsync(cancellationToken);
    }
}
