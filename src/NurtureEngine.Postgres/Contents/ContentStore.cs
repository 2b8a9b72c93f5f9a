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

    private const string IsKnownSql = "SELECT EXISTS (SELECT 1 FROM content_version WHERE key = @key AND hash = @hash)";

    private const string RetireSql = "UPDATE content_version SET is_current = false WHERE key = @key AND is_current";

    private const string AddSql = """
        INSERT INTO content_version (key, hash, source, is_current, imported_at)
        VALUES (@key, @hash, @source::jsonb, true, @now)
        """;

    private const string SourcesSql =
        "SELECT id, key, source::text AS source FROM content_version WHERE id = ANY(@ids) ORDER BY id";

    private const string CurrentSql = "SELECT key, id FROM content_version WHERE is_current";

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
    public async Task<IReadOnlyList<(ContentVersionId Id, ContentSource Source)>> FindSourcesAsync(
        int[] ids,
        CancellationToken cancellationToken
    )
    {
        var rows = await database.QueryAsync<Row>(SourcesSql, new { ids }, cancellationToken);
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
