using Npgsql;
using NurtureEngine.Core.Facts;
using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Tracks;
using NurtureEngine.Postgres.Leads;
using NurtureEngine.Postgres.Tracks;

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

    /// <summary>Accounts come before leads in every writer's order of locks.</summary>
    public Task<List<Account>> LockAccountsAsync(
        IReadOnlyCollection<ExternalKey> keys,
        CancellationToken cancellationToken
    ) => LeadReader.LockAccountsAsync(transaction, keys, cancellationToken);

    /// <summary>Accounts that are only looked at.</summary>
    public Task<List<Account>> ReadAccountsAsync(
        IReadOnlyCollection<ExternalKey> keys,
        CancellationToken cancellationToken
    ) => LeadReader.ReadAccountsAsync(transaction, keys, cancellationToken);

    public Task<List<Lead>> LockLeadsAsync(
        IReadOnlyCollection<ExternalKey> keys,
        CancellationToken cancellationToken
    ) => LeadReader.LockLeadsAsync(transaction, keys, cancellationToken);

    /// <summary>The versions of tracks that leads are in; nobody enrolls them meanwhile.</summary>
    public async Task<ILookup<ExternalKey, TrackVersionId>> FindLiveAsync(
        List<Lead> leads,
        CancellationToken cancellationToken
    )
    {
        var keys = leads.ToDictionary(lead => lead.Id!.Value.Value, lead => lead.Key);
        var live = await EnrollmentWriter.FindLiveAsync(transaction, [.. keys.Keys], cancellationToken);
        return live.ToLookup(row => keys[row.LeadId], row => row.Version);
    }

    /// <summary>Writes a batch and settles its rows; <paramref name="now"/> is business time.</summary>
    public async Task CommitAsync(FactBatch batch, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await new FactsWriter(transaction, now).WriteAsync(batch, cancellationToken);
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
