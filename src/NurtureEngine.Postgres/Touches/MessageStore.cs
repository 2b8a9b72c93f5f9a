using Npgsql;

namespace NurtureEngine.Postgres.Touches;

/// <summary>Messages as leads got them, for as long as they are kept.</summary>
public sealed class MessageStore(NpgsqlDataSource database)
{
    // A touch that was tried again left as it was written last.
    private const string FindSql = """
        SELECT m.recorded_at, m.lead_id, m.body, m.links
          FROM touch t
          JOIN message m ON m.lead_id = t.lead_id AND m.touch_id = t.id
         WHERE t.id = @touch AND t.state IN ('handing', 'accepted', 'uncertain')
         ORDER BY m.recorded_at DESC
         LIMIT 1
        """;

    /// <summary>The message of a touch; null where none left, or it is kept no longer.</summary>
    public Task<StoredMessage?> FindAsync(Guid touch, CancellationToken cancellationToken) =>
        database.QuerySingleOrDefaultAsync<StoredMessage>(FindSql, new { touch }, cancellationToken);
}

/// <summary>A message as it is kept: compressed, with where its links lead, by ordinal.</summary>
public sealed record StoredMessage
{
    public DateTimeOffset RecordedAt { get; init; }
    public long LeadId { get; init; }
    public byte[] Body { get; init; } = [];
    public string[] Links { get; init; } = [];
}
