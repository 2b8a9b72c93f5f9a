using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Npgsql;
using NurtureEngine.Core.Contents;

namespace NurtureEngine.Postgres.Contents;

/// <summary>Keeps contents by the hash of their source; a version never changes.</summary>
public sealed class ContentStore(NpgsqlDataSource database)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    // A content that returns to an older state makes that version current again.
    private const string ImportSql = """
        WITH fresh AS (
            INSERT INTO content_version (key, hash, source, is_current, imported_at)
            VALUES (@key, @hash, @source::jsonb, false, @now)
            ON CONFLICT (key, hash) DO NOTHING)
        UPDATE content_version SET is_current = false WHERE key = @key AND is_current AND hash <> @hash
        """;

    private const string MakeCurrentSql =
        "UPDATE content_version SET is_current = true WHERE key = @key AND hash = @hash AND NOT is_current";

    private const string VersionsSql =
        "SELECT id, key, source::text AS source FROM content_version WHERE NOT (id = ANY(@known)) ORDER BY id";

    private const string CurrentSql = "SELECT key, id FROM content_version WHERE is_current";

    /// <summary>Makes a source the current version of its key; importing the same again changes nothing.</summary>
    public async Task ImportAsync(ContentSource source, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var text = JsonSerializer.Serialize(source, Json);
        var parameters = new
        {
            key = source.Key,
            hash = SHA256.HashData(Encoding.UTF8.GetBytes(text)),
            source = text,
            now,
        };
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await AdvisoryLock.TakeAsync(transaction, AdvisoryLock.Content, cancellationToken);
        await transaction.ExecuteAsync(ImportSql, parameters, cancellationToken);
        await transaction.ExecuteAsync(MakeCurrentSql, parameters, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>The versions that are not known yet, oldest first.</summary>
    public async Task<IReadOnlyList<(ContentVersionId Id, ContentSource Source)>> FindVersionsAsync(
        int[] known,
        CancellationToken cancellationToken
    )
    {
        var rows = await database.QueryAsync<Row>(VersionsSql, new { known }, cancellationToken);
        return
        [
            .. rows.Select(row =>
                (new ContentVersionId(row.Id), JsonSerializer.Deserialize<ContentSource>(row.Source, Json)!)
            ),
        ];
    }

    /// <summary>The current version of each key.</summary>
    public async Task<IReadOnlyDictionary<string, int>> FindCurrentAsync(CancellationToken cancellationToken)
    {
        var rows = await database.QueryAsync<(string Key, int Id)>(CurrentSql, null, cancellationToken);
        return rows.ToDictionary(row => row.Key, row => row.Id, StringComparer.Ordinal);
    }

    private sealed record Row(int Id, string Key, string Source);
}
