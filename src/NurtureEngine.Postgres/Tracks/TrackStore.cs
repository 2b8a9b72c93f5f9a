using System.Security.Cryptography;
using System.Text;
using Npgsql;
using NurtureEngine.Core.People;
using NurtureEngine.Core.Tracks.Definitions;
using NurtureEngine.Core.Tracks.Drafts;
using NurtureEngine.Postgres.Migrations;
using NurtureEngine.Postgres.People;

namespace NurtureEngine.Postgres.Tracks;

/// <summary>Keeps the published versions of tracks; a version never changes.</summary>
public sealed class TrackStore(NpgsqlDataSource database)
{
    internal const string EnsureTrackSql = """
        INSERT INTO track (definition_id, created_at) VALUES (@definitionId, @now)
        ON CONFLICT (definition_id) DO NOTHING
        """;

    // One publisher at a time per track: the row lock serialises hosts that start together.
    internal const string LockTrackSql = "SELECT id FROM track WHERE definition_id = @definitionId FOR UPDATE";

    internal const string PublishSql = """
        WITH retired AS (UPDATE track_version SET is_current = false WHERE track_id = @trackId AND is_current)
        INSERT INTO track_version (track_id, number, hash, definition, is_current, program, published_at, published_by)
        SELECT @trackId, COALESCE(max(number), 0) + 1, @hash, @definition, false, @program, @now, @actor
          FROM track_version
         WHERE track_id = @trackId
        """;

    internal const string MakeCurrentSql =
        "UPDATE track_version SET is_current = true WHERE track_id = @trackId AND hash = @hash";

    private const string RetireSql =
        "UPDATE track_version SET is_current = false WHERE track_id = @trackId AND is_current";

    private const string IsInForceSql =
        "SELECT EXISTS (SELECT FROM track_version WHERE track_id = @trackId AND is_current AND hash IN (@hash, @rawHash))";

    private const string IsKnownSql =
        "SELECT EXISTS (SELECT 1 FROM track_version WHERE track_id = @trackId AND hash IN (@hash, @rawHash))";

    private const string RestoreSql =
        "UPDATE track_version SET is_current = true WHERE track_id = @trackId AND hash IN (@hash, @rawHash)";

    private const string CurrentNumberSql =
        "SELECT COALESCE(max(number) FILTER (WHERE is_current), 0) FROM track_version WHERE track_id = @trackId";

    // Only the revision that was looked at: what someone saved since stays.
    private const string EndDraftSql = "DELETE FROM track_draft WHERE id = @draftId AND revision = @revision";

    private const string CurrentIdsSql = """
        SELECT t.definition_id FROM track t JOIN track_version v ON v.track_id = t.id AND v.is_current ORDER BY t.definition_id
        """;

    private const string CurrentSql = """
        SELECT t.definition_id, v.definition
          FROM track t JOIN track_version v ON v.track_id = t.id AND v.is_current
         ORDER BY t.definition_id
        """;

    // What takes leads or has some. Definitions are long, so those that the caller has are not sent again.
    private const string InForceSql = """
        SELECT v.id, v.track_id, t.definition_id, v.number, v.program, v.is_current, t.paused_at IS NOT NULL AS is_paused,
               CASE WHEN v.id <> ALL(@known) THEN v.definition END AS definition
          FROM track_version v
          JOIN track t ON t.id = v.track_id
         WHERE v.is_current
            OR EXISTS (SELECT 1 FROM enrollment e WHERE e.track_version_id = v.id AND e.state = 0)
            OR EXISTS (SELECT 1 FROM enrollment e WHERE e.track_version_id = v.id AND e.state = 3)
            OR EXISTS (SELECT 1 FROM enrollment e WHERE e.track_version_id = v.id AND e.state = 4)
         ORDER BY v.id
        """;

    /// <summary>
    /// Publishes a definition as the track's next version, if what it rests on is still so. Content that equals an earlier version puts that
    /// version back into force.
    /// </summary>
    public async Task<Publication> PublishAsync(TrackPublishing order, CancellationToken cancellationToken)
    {
        var raw = Encoding.UTF8.GetBytes(order.Definition);
        var hash = SHA256.HashData(CanonicalDefinition.TryWrite(raw) ?? raw);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await transaction.ExecuteAsync(EnsureTrackSql, order, cancellationToken);
        var trackId = await transaction.QuerySingleAsync<int>(LockTrackSql, order, cancellationToken);
        var parameters = new
        {
            trackId,
            hash,
            // Versions that the first programs published are known by their bytes.
            rawHash = SHA256.HashData(raw),
            definition = order.Definition,
            program = MigrationRunner.Program,
            now = order.Now,
            actor = order.Entry?.Actor,
            draftId = order.Draft?.Id,
            revision = order.Draft?.Revision,
            numbers = order.Moves.Select(move => move.Version).ToArray(),
            steps = order.Moves.Select(move => move.Step).ToArray(),
        };
        if (
            await transaction.QuerySingleAsync<int>(CurrentNumberSql, parameters, cancellationToken) != order.Over
            || order.Draft is not null
                && await transaction.ExecuteAsync(EndDraftSql, parameters, cancellationToken) == 0
        )
        {
            return Publication.Overtaken;
        }

        var isKnown = await transaction.QuerySingleAsync<bool>(IsKnownSql, parameters, cancellationToken);
        if (isKnown && await transaction.QuerySingleAsync<bool>(IsInForceSql, parameters, cancellationToken))
        {
            // A draft that changes nothing is over.
            await transaction.CommitAsync(cancellationToken);
            return Publication.Known;
        }

        if (isKnown)
        {
            await transaction.ExecuteAsync(RetireSql, parameters, cancellationToken);
            await transaction.ExecuteAsync(RestoreSql, parameters, cancellationToken);
        }
        else
        {
            await transaction.ExecuteAsync(PublishSql, parameters, cancellationToken);
            await transaction.ExecuteAsync(MakeCurrentSql, parameters, cancellationToken);
        }

        await transaction.ExecuteAsync(TrackMoves.EndSql, parameters, cancellationToken);
        if (order.Moves.Count > 0)
        {
            await transaction.ExecuteAsync(TrackMoves.BeginSql, parameters, cancellationToken);
        }

        await transaction.AuditAsync(order.Entry, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return Publication.Published;
    }

    /// <summary>
    /// Takes a version out of force, so that no lead enters the track any more; its definition becomes the track's draft unless there is one.
    /// False if another version is in force.
    /// </summary>
    public async Task<bool> RetractAsync(TrackDraft draft, AuditEntry entry, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var trackId = await transaction.QuerySingleAsync<int>(LockTrackSql, draft, cancellationToken);
        if (
            await transaction.QuerySingleAsync<int>(CurrentNumberSql, new { trackId }, cancellationToken)
            != draft.BaseNumber
        )
        {
            return false;
        }

        await transaction.ExecuteAsync(RetireSql, new { trackId }, cancellationToken);
        await transaction.ExecuteAsync(TrackMoves.EndSql, new { trackId, now = entry.At }, cancellationToken);
        await transaction.ExecuteAsync(DraftStore.BeginSql, draft with { BaseNumber = 0 }, cancellationToken);
        await transaction.ExecuteAsync(DraftStore.RebaseSql, draft, cancellationToken);
        await transaction.AuditAsync(entry, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>The definitions in force, by their ids.</summary>
    public async Task<IReadOnlyList<(string DefinitionId, string Definition)>> FindCurrentAsync(
        CancellationToken cancellationToken
    ) => await database.QueryAsync<(string, string)>(CurrentSql, null, cancellationToken);

    /// <summary>The definition ids of the tracks that take new leads.</summary>
    public async Task<IReadOnlyList<string>> FindCurrentIdsAsync(CancellationToken cancellationToken) =>
        await database.QueryAsync<string>(CurrentIdsSql, null, cancellationToken);

    /// <summary>The versions that take new leads or still have some, oldest first; those of <paramref name="known"/> without their definitions.</summary>
    public async Task<IReadOnlyList<TrackVersionRow>> FindInForceAsync(
        int[] known,
        CancellationToken cancellationToken
    ) => await database.QueryAsync<TrackVersionRow>(InForceSql, new { known }, cancellationToken);
}

/// <summary>A published version of a track.</summary>
public sealed record TrackVersionRow
{
    public int Id { get; init; }
    public int TrackId { get; init; }
    public string DefinitionId { get; init; } = "";
    public int Number { get; init; }

    /// <summary>Null where the caller said that it has it.</summary>
    public string? Definition { get; init; }

    /// <summary>Whether its track is paused.</summary>
    public bool IsPaused { get; init; }

    /// <summary>Whether it takes new leads.</summary>
    public bool IsCurrent { get; init; }

    /// <summary>The schema version of the program that published it.</summary>
    public int Program { get; init; }
}
