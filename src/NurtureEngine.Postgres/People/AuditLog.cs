using Npgsql;
using NurtureEngine.Core.People;

namespace NurtureEngine.Postgres.People;

/// <inheritdoc cref="IAuditLog" />
public sealed class AuditLog(NpgsqlDataSource database) : IAuditLog
{
    private const string ListSql = """
        SELECT id, at, actor, act, subject, before::text AS before, after::text AS after
          FROM audit
         WHERE id < @before
         ORDER BY id DESC
         LIMIT @limit
        """;

    public async Task<IReadOnlyList<AuditEntry>> ListAsync(
        long? before,
        int limit,
        CancellationToken cancellationToken
    ) =>
        await database.QueryAsync<AuditEntry>(
            ListSql,
            new { before = before ?? long.MaxValue, limit },
            cancellationToken
        );
}
