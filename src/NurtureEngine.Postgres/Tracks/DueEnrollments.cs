using Npgsql;
using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Touches;
using NurtureEngine.Postgres.Leads;

namespace NurtureEngine.Postgres.Tracks;

/// <summary>
/// Enrollments that are due, locked by a transaction. New states, planned touches and the ledger commit together, so that a
/// crash leaves them due and not half advanced.
/// </summary>
public sealed class DueEnrollments(
    NpgsqlConnection connection,
    NpgsqlTransaction transaction,
    IReadOnlyList<DueEnrollment> rows,
    DateTimeOffset now
) : IAsyncDisposable
{
    private const string HadSql = """
        SELECT DISTINCT t.lead_id, c.key
          FROM touch t
          JOIN content_version c ON c.id = t.content_version_id
         WHERE t.lead_id = ANY(@leads) AND t.state NOT IN ('skipped', 'cancelled', 'returned', 'expired', 'rejected')
        """;

    public IReadOnlyList<DueEnrollment> Rows => rows;

    /// <summary>Which of the awaited touches have come to an end.</summary>
    public Task<HashSet<TouchId>> FindSettledAsync(
        List<(long LeadId, TouchId Touch)> awaited,
        CancellationToken cancellationToken
    ) => SettledTouches.FindAsync(transaction, awaited, cancellationToken);

    /// <summary>The contents that leads have had or are to have, in whichever track.</summary>
    public Task<ILookup<long, string>> FindHadAsync(long[] leads, CancellationToken cancellationToken) =>
        FindHadAsync(transaction, leads, cancellationToken);

    internal static async Task<ILookup<long, string>> FindHadAsync(
        NpgsqlTransaction transaction,
        long[] leads,
        CancellationToken cancellationToken
    ) =>
        (
            leads.Length == 0
                ? []
                : await transaction.QueryAsync<(long LeadId, string Key)>(HadSql, new { leads }, cancellationToken)
        ).ToLookup(row => row.LeadId, row => row.Key);

    /// <summary>What was signalled to these rows, by enrollment, oldest first.</summary>
    public Task<ILookup<long, SignalRow>> FindSignalsAsync(
        IReadOnlyList<DueEnrollment> listening,
        CancellationToken cancellationToken
    ) => SignalStore.FindAsync(transaction, listening, cancellationToken);

    /// <summary>The leads of the rows, with their accounts, as they stand; they are not locked, since only facts write leads.</summary>
    public Task<Dictionary<long, (Lead Lead, Account? Account)>> FindLeadsAsync(
        long[] leads,
        CancellationToken cancellationToken
    ) =>
        leads.Length == 0
            ? Task.FromResult(new Dictionary<long, (Lead Lead, Account? Account)>())
            : LeadReader.ReadWithAccountsAsync(transaction, leads, cancellationToken);

    /// <summary>Writes the turns and commits; the ledger cites the rulebook's version.</summary>
    public async Task CommitAsync(
        IReadOnlyList<AdvancedEnrollment> advanced,
        int rulebook,
        CancellationToken cancellationToken
    )
    {
        await new TurnWriter(transaction, advanced, now).WriteAsync(rulebook, cancellationToken);
        Waypoints.Pass("advance.committing");
        await transaction.CommitAsync(cancellationToken);
        Waypoints.Pass("advance.committed");
    }

    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
    }
}
