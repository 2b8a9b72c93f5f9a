using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Npgsql;
using NurtureEngine.Core.Contents;
using NurtureEngine.Postgres.Migrations;

namespace NurtureEngine.Postgres.Contents;

/// <summary>Keeps contents by the hash of their source; a version never changes.</summary>
public sealed class ContentStore(NpgsqlDataSource database)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private const string IsKnownSql = "SELECT EXISTS (SELECT 1 FROM content_version WHERE key = @key AND hash = @hash)";

    private const string RetireSql = "UPDATE content_version SET is_current = false WHERE key = @key AND is_current";

    private const string AddSql = """
        INSERT INTO content_version (key, hash, source, is_current, imported_at, program)
        VALUES (@key, @hash, @source::jsonb, true, @now, @program)
        """;

    private const string SourcesSql =
        "SELECT id, source::text AS source, program FROM content_version WHERE id = ANY(@ids) ORDER BY id";

    private const string CurrentSql = "SELECT key, id FROM content_version WHERE is_current";

    private const string InUseSql = """
        SELECT id FROM content_version WHERE is_current
        UNION
        SELECT content_version_id FROM touch WHERE state = 'planned'
        UNION
        SELECT content_version_id FROM touch WHERE state = 'deferred'
        UNION
        SELECT content_version_id FROM touch WHERE state = 'awaiting_approval'
        """;

    private const string HasOlderSql =
        "SELECT EXISTS (SELECT FROM content_version WHERE program < @program AND NOT is_current)";

    // Guarded by the old state: a touch that a host has claimed meanwhile is left to it, and deferred again.
    private const string RenewSql = """
        WITH renewed AS (
            UPDATE touch
               SET content_version_id = c.id, state = 'planned', retry_at = NULL, hold_until = NULL, approved_by = NULL, approved_at = NULL,
                   code = 'content.renewed', argument = c.key
              FROM content_version old
              JOIN content_version c ON c.key = old.key AND c.is_current AND c.id <> old.id
             WHERE old.id = ANY(@from) AND c.id = ANY(@to) AND touch.content_version_id = old.id
               AND touch.state IN ('planned', 'deferred', 'awaiting_approval')
            RETURNING touch.lead_id, touch.id, c.key)
        INSERT INTO touch_event (recorded_at, lead_id, touch_id, state, code, argument)
        SELECT @now, lead_id, id, 'planned', 'content.renewed', key FROM renewed
        """;

    /// <summary>
    /// Makes a source the next version of its key, unless that very source was one of its versions before: an older host that
    /// starts again, or a second one with an older folder, does not put an old text back in force. True where a version was made.
    /// </summary>
    public async Task<bool> ImportAsync(ContentSource source, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var text = JsonSerializer.Serialize(source, Json);
        var parameters = new
        {
            key = source.Key,
            hash = SHA256.HashData(Encoding.UTF8.GetBytes(text)),
            source = text,
            now,
            program = MigrationRunner.Program,
        };
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await AdvisoryLock.TakeAsync(transaction, AdvisoryLock.Content, cancellationToken);
        if (await transaction.QuerySingleAsync<bool>(IsKnownSql, parameters, cancellationToken))
        {
            return false;
        }

        await transaction.ExecuteAsync(RetireSql, parameters, cancellationToken);
        await transaction.ExecuteAsync(AddSql, parameters, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>The sources of some versions, oldest first.</summary>
    public async Task<IReadOnlyList<StoredContent>> FindSourcesAsync(int[] ids, CancellationToken cancellationToken)
    {
        var rows = await database.QueryAsync<Row>(SourcesSql, new { ids }, cancellationToken);
        return
        [
            .. rows.Select(row => new StoredContent(
                row.Id,
                JsonSerializer.Deserialize<ContentSource>(row.Source, Json)!,
                row.Program < MigrationRunner.FirstWithScriban
            )),
        ];
    }

    /// <summary>The versions that are current or that a touch still to be sent is pinned to.</summary>
    public async Task<int[]> FindInUseAsync(CancellationToken cancellationToken) =>
        [.. await database.QueryAsync<int>(InUseSql, null, cancellationToken)];

    /// <summary>
    /// Whether a program of an older schema version stored contents that are no longer current. Without them nothing in use needs to be read at a
    /// start: what this schema version stored compiles.
    /// </summary>
    public async Task<bool> HasOlderAsync(CancellationToken cancellationToken) =>
        (
            await database.QueryAsync<bool>(HasOlderSql, new { program = MigrationRunner.Program }, cancellationToken)
        ).Single();

    /// <summary>
    /// Moves the touches still to be sent from some versions to the current version of the same content, if that is one of some others; how many they were. An
    /// approval was given to the old text, and is asked for again.
    /// </summary>
    public Task<int> RenewAsync(int[] from, int[] to, DateTimeOffset now, CancellationToken cancellationToken) =>
        database.ExecuteAsync(
            RenewSql,
            new
            {
                from,
                to,
                now,
            },
            cancellationToken
        );

    /// <summary>The current version of each key.</summary>
    public async Task<IReadOnlyDictionary<string, int>> FindCurrentAsync(CancellationToken cancellationToken)
    {
        var rows = await database.QueryAsync<(string Key, int Id)>(CurrentSql, null, cancellationToken);
        return rows.ToDictionary(row => row.Key, row => row.Id, StringComparer.Ordinal);
    }

    private sealed record Row(int Id, string Source, int Program);
}

/// <summary>A stored version; <paramref name="IsOfEarlierLanguage"/> where a program stored it that rendered some constructs differently.</summary>
public sealed record StoredContent(int Id, ContentSource Source, bool IsOfEarlierLanguage);
