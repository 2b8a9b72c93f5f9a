using Npgsql;
using NpgsqlTypes;
using NurtureEngine.Core.Intake.Imports;

namespace NurtureEngine.Postgres.Intake;

/// <summary>Files on their way to become facts: stored whole or not at all, applied lane by lane, and what has become of them.</summary>
public sealed class ImportStore(NpgsqlDataSource database)
{
    private const string AddSql = """
        INSERT INTO import (id, source, file, state, rows, created_by, created_at) VALUES (@Id, @Source, @File, 'applying', @rows, @By, @now)
        """;

    private const string CopySql = "COPY import_chunk (lane, import_id, count, body) FROM STDIN (FORMAT binary)";

    private const string Select = """
        SELECT i.id, i.source, i.file, i.state, i.rows, i.created_by, i.created_at, i.finished_at,
               r.created, r.changed, r.unchanged, r.refused,
               (SELECT COALESCE(sum(count - done), 0) FROM import_chunk c WHERE c.import_id = i.id) AS waiting
          FROM import i
         CROSS JOIN LATERAL (
               SELECT COALESCE(sum(created), 0) AS created, COALESCE(sum(changed), 0) AS changed,
                      COALESCE(sum(unchanged), 0) AS unchanged, COALESCE(sum(refused), 0) AS refused
                 FROM import_result WHERE import_id = i.id) AS r
        """;

    // Whoever applies the last chunk sees that none is left, and so does everybody who looks later, should nobody have.
    private const string FinishSql = """
        UPDATE import SET state = 'done', finished_at = @now
         WHERE state = 'applying' AND (@id::uuid IS NULL OR id = @id) AND NOT EXISTS (SELECT FROM import_chunk c WHERE c.import_id = import.id)
        """;

    private const string CancelSql = """
        WITH cancelled AS (UPDATE import SET state = 'cancelled', finished_at = @now WHERE id = @id AND state = 'applying' RETURNING id),
        gone AS (DELETE FROM import_chunk USING cancelled WHERE import_id = cancelled.id)
        SELECT id FROM cancelled
        """;

    /// <summary>
    /// Stores a file in one transaction: the rows come from <paramref name="write"/>, which is given what takes the rows of a lane (and keeps them), and
    /// answers how many rows there are; null stores nothing.
    /// </summary>
    public async Task<bool> AddAsync(
        NewImport import,
        Func<Func<int, IReadOnlyList<ImportedLead>, Task>, Task<long?>> write,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // First, for the chunks refer to it; the number of rows is known at the end.
        await transaction.ExecuteAsync(
            AddSql,
            new
            {
                import.Id,
                import.Source,
                import.File,
                import.By,
                rows = 0L,
                now,
            },
            cancellationToken
        );
        long? rows;
        await using (var copy = await connection.BeginBinaryImportAsync(CopySql, cancellationToken))
        {
            // Packing keeps a processor busy, as reading does: they go side by side, one chunk apart.
            var packing = Task.FromResult<PackedChunk?>(null);
            rows = await write(
                async (lane, leads) =>
                {
                    var packed = await packing;
                    packing = Task.Run(
                        () => (PackedChunk?)new PackedChunk(lane, leads.Count, ImportedLead.Write(leads)),
                        cancellationToken
                    );
                    await WriteAsync(copy, import.Id, packed, cancellationToken);
                }
            );
            await WriteAsync(copy, import.Id, await packing, cancellationToken);
            if (rows is null)
            {
                return false;
            }

            await copy.CompleteAsync(cancellationToken);
        }

        await transaction.ExecuteAsync(
            "UPDATE import SET rows = @rows WHERE id = @Id",
            new { import.Id, rows },
            cancellationToken
        );
        Waypoints.Pass("import.storing");
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    private sealed record PackedChunk(int Lane, int Count, byte[] Body);

    private static async Task WriteAsync(
        NpgsqlBinaryImporter copy,
        Guid import,
        PackedChunk? chunk,
        CancellationToken cancellationToken
    )
    {
        if (chunk is not null)
        {
            await copy.StartRowAsync(cancellationToken);
            await copy.WriteAsync((short)chunk.Lane, NpgsqlDbType.Smallint, cancellationToken);
            await copy.WriteAsync(import, NpgsqlDbType.Uuid, cancellationToken);
            await copy.WriteAsync(chunk.Count, NpgsqlDbType.Integer, cancellationToken);
            await copy.WriteAsync(chunk.Body, NpgsqlDbType.Bytea, cancellationToken);
        }
    }

    /// <summary>Ends imports of which nothing waits any more: one, or (null) all. <paramref name="now"/> is business time.</summary>
    public Task FinishAsync(Guid? id, DateTimeOffset now, CancellationToken cancellationToken) =>
        database.ExecuteAsync(FinishSql, new { id, now }, cancellationToken);

    /// <summary>Lets go of the rows that wait; what was applied stays. False where there is no such import, or it is over.</summary>
    public async Task<bool> CancelAsync(Guid id, DateTimeOffset now, CancellationToken cancellationToken) =>
        (await database.QueryAsync<Guid>(CancelSql, new { id, now }, cancellationToken)).Count > 0;

    public async Task<ImportRowCounts?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        await database.QuerySingleOrDefaultAsync<ImportRowCounts>(
            $"{Select} WHERE i.id = @id",
            new { id },
            cancellationToken
        );

    /// <summary>The latest imports.</summary>
    public async Task<IReadOnlyList<ImportRowCounts>> ListAsync(int limit, CancellationToken cancellationToken) =>
        await database.QueryAsync<ImportRowCounts>(
            $"{Select} ORDER BY i.created_at DESC, i.id LIMIT @limit",
            new { limit },
            cancellationToken
        );

    /// <summary>The rows that could not be applied, by line.</summary>
    public async Task<IReadOnlyList<ImportFault>> FaultsAsync(
        Guid id,
        long after,
        int limit,
        CancellationToken cancellationToken
    ) =>
        await database.QueryAsync<ImportFault>(
            "SELECT line, code, argument FROM import_fault WHERE import_id = @id AND line > @after ORDER BY line LIMIT @limit",
            new
            {
                id,
                after,
                limit,
            },
            cancellationToken
        );
}

/// <summary>A file that is to be imported: whose ids it has, what it is called, who brings it.</summary>
public sealed record NewImport(Guid Id, string Source, string File, string By);

/// <summary>An import and how far it is, in rows.</summary>
public sealed record ImportRowCounts
{
    public Guid Id { get; init; }
    public string Source { get; init; } = "";
    public string File { get; init; } = "";
    public string State { get; init; } = "";
    public long Rows { get; init; }
    public string CreatedBy { get; init; } = "";
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? FinishedAt { get; init; }
    public long Created { get; init; }
    public long Changed { get; init; }
    public long Unchanged { get; init; }
    public long Refused { get; init; }
    public long Waiting { get; init; }
}

/// <summary>A row that could not be applied, and why.</summary>
public sealed record ImportFault
{
    public long Line { get; init; }
    public string Code { get; init; } = "";
    public string? Argument { get; init; }
}
