using Npgsql;
using NurtureEngine.Core.Channels;
using NurtureEngine.Core.Facts;
using NurtureEngine.Core.Intake;

namespace NurtureEngine.Postgres.Facts;

/// <summary>
/// One lane of the inbox, held by a transaction: what is read stays true, and what is written commits together with the
/// rows being settled. So an event is applied once, whenever the process dies.
/// </summary>
public sealed class FactsLane(
    NpgsqlConnection connection,
    NpgsqlTransaction transaction,
    ChannelSet channels,
    IReadOnlyList<PendingEvent> events,
    PendingChunk? chunk
) : IAsyncDisposable
{
    private const string ChunkSql = """
        WITH gone AS (DELETE FROM import_chunk WHERE lane = @lane AND id = @Id AND count = @done),
        rest AS (UPDATE import_chunk SET done = @done WHERE lane = @lane AND id = @Id AND count > @done),
        counted AS (
            INSERT INTO import_result (import_id, created, changed, unchanged, refused)
            VALUES (@ImportId, @Created, @Changed, @Unchanged, @refused))
        INSERT INTO import_fault (import_id, line, code, argument)
        SELECT @ImportId, line, code, argument FROM unnest(@lines, @codes, @arguments) AS w (line, code, argument)
        """;

    /// <summary>Rows of a file, where no event waits; null where one does.</summary>
    public PendingChunk? Chunk => chunk;

    /// <summary>The oldest events, in order of arrival.</summary>
    public IReadOnlyList<PendingEvent> Events => events;

    /// <summary>
    /// All that events are about, locked. Reports of one real activity are looked for as far apart as <paramref name="sameWithin"/>.
    /// </summary>
    public Task<KnownFacts> ReadAsync(
        IReadOnlyList<InboxEvent> told,
        TimeSpan sameWithin,
        CancellationToken cancellationToken
    ) => new FactsReader(transaction).ReadAsync(told, sameWithin, cancellationToken);

    /// <summary>Writes a batch and settles its rows; <paramref name="now"/> is business time.</summary>
    public async Task CommitAsync(FactBatch batch, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await new FactsWriter(transaction, channels, now).WriteAsync(batch, cancellationToken);
        await CommitAsync(cancellationToken);
    }

    /// <summary>Writes a batch of rows of a file and goes on behind them; <paramref name="now"/> is business time.</summary>
    public async Task CommitChunkAsync(
        int lane,
        FactBatch batch,
        IReadOnlyList<long> refusedLines,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        await new FactsWriter(transaction, channels, now).WriteAsync(batch, cancellationToken);
        await transaction.ExecuteAsync(
            ChunkSql,
            new
            {
                lane = (short)lane,
                chunk!.Id,
                chunk.ImportId,
                done = chunk.Done + batch.Count,
                batch.Imported.Created,
                batch.Imported.Changed,
                batch.Imported.Unchanged,
                refused = batch.Refused.Count,
                lines = refusedLines.ToArray(),
                codes = batch.Refused.ToArray(row => row.Why.Code),
                arguments = batch.Refused.ToArray(row => row.Why.Argument),
            },
            cancellationToken
        );
        await CommitAsync(cancellationToken);
    }

    /// <summary>Writes what a merge says, and makes one lead of several; <paramref name="now"/> is business time.</summary>
    public async Task MergeAsync(
        FactBatch batch,
        KnownFacts known,
        CrmEvent merge,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        await new FactsWriter(transaction, channels, now).WriteAsync(batch, cancellationToken);
        if (batch.Refused.Count == 0)
        {
            await new MergeWriter(transaction, channels, now).MergeAsync(batch, known, merge, cancellationToken);
        }

        await CommitAsync(cancellationToken);
    }

    private async Task CommitAsync(CancellationToken cancellationToken)
    {
        Waypoints.Pass("facts.committing");
        await transaction.CommitAsync(cancellationToken);
        Waypoints.Pass("facts.committed");
    }

    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
    }
}
