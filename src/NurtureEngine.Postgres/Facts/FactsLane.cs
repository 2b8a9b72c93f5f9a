using Npgsql;
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
    IReadOnlyList<PendingEvent> events
) : IAsyncDisposable
{
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
        await new FactsWriter(transaction, now).WriteAsync(batch, cancellationToken);
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
        await new FactsWriter(transaction, now).WriteAsync(batch, cancellationToken);
        if (batch.Refused.Count == 0)
        {
            await new MergeWriter(transaction, now).MergeAsync(batch, known, merge, cancellationToken);
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
