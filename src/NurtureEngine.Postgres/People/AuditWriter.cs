using Npgsql;
using NurtureEngine.Core.People;

namespace NurtureEngine.Postgres.People;

/// <summary>Adds entries to the audit log in the transaction of the act, so that neither is there without the other.</summary>
internal static class AuditWriter
{
    public const string AddSql = """
        INSERT INTO audit (at, actor, act, subject, before, after)
        VALUES (@At, @Actor, @Act, @Subject, @Before::jsonb, @After::jsonb)
        """;

    /// <summary>Adds an entry; null adds nothing.</summary>
    public static Task AuditAsync(
        this NpgsqlTransaction transaction,
        AuditEntry? entry,
        CancellationToken cancellationToken
    ) => entry is null ? Task.CompletedTask : transaction.ExecuteAsync(AddSql, entry, cancellationToken);

    /// <summary>Runs a statement and, if it has changed rows, adds the entry. The answer is how many rows were changed.</summary>
    public static async Task<int> ExecuteAsync(
        this NpgsqlDataSource database,
        string sql,
        object? parameters,
        AuditEntry? entry,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var changed = await transaction.ExecuteAsync(sql, parameters, cancellationToken);
        await transaction.AuditAsync(changed == 0 ? null : entry, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return changed;
    }
}
