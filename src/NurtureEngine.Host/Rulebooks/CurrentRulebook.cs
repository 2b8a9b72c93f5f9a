using System.Text;
using NurtureEngine.Core.Rulebooks;
using NurtureEngine.Postgres.Settings;

namespace NurtureEngine.Host.Rulebooks;

/// <summary>The rulebook in force, as the database has it.</summary>
internal sealed class CurrentRulebook(RulebookStore store)
{
    private Rulebook? _current;

    /// <summary>The rulebook in force when it was last refreshed.</summary>
    public Rulebook Value =>
        _current ?? throw new InvalidOperationException("The rulebook is read before it is refreshed.");

    /// <summary>Stores the shipped rulebook where the database has none.</summary>
    public async Task SeedAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        await store.SeedAsync(
            Encoding.UTF8.GetString(await ShippedRulebook.ReadJsonAsync(cancellationToken)),
            now,
            cancellationToken
        );

    /// <summary>Reads the version in force.</summary>
    /// <exception cref="InvalidOperationException">The stored rulebook is faulty; the message names every fault.</exception>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        var (version, json) =
            await store.FindCurrentAsync(cancellationToken)
            ?? throw new InvalidOperationException("The database has no rulebook.");
        if (_current?.Version == version)
        {
            return;
        }

        _current =
            RulebookReader.TryReadStored(json, version, out var faults)
            ?? throw new InvalidOperationException($"Rulebook {version} is faulty: {string.Join(" ", faults)}");
    }
}
