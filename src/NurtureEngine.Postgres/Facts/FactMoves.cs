using Npgsql;
using NurtureEngine.Core.Facts;
using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Tracks;
using NurtureEngine.Postgres.Handoffs;
using NurtureEngine.Postgres.Tracks;

namespace NurtureEngine.Postgres.Facts;

/// <summary>Writes what a batch of facts means to tracks: signals, pauses, exits, entries.</summary>
internal sealed class FactMoves(NpgsqlTransaction transaction, DateTimeOffset now)
{
    private const string PausedByAccountSql =
        "SELECT l.id FROM lead l JOIN account a ON a.id = l.account_id WHERE l.id = ANY(@leads) AND a.paused_at IS NOT NULL";

    // With the leads locked, nobody else enrolls them or takes them out until the commit.
    public async Task WriteAsync(
        FactBatch batch,
        Dictionary<ExternalKey, long> ids,
        CancellationToken cancellationToken
    )
    {
        // A lead in a version that was not seen would be decided on without its rules.
        var seen = batch.Tracks.Seen.ToHashSet();
        FactsChangedException.ThrowUnless(batch.Live.SelectMany(live => live).All(seen.Contains));
        var signals = SignalsFor(batch, ids);
        await EnrollmentWriter.LockLiveAsync(
            transaction,
            [
                .. batch
                    .Moved.Concat(batch.Rehoused)
                    .Select(lead => ids[lead])
                    .Concat(signals.Select(signal => signal.LeadId))
                    .Distinct(),
            ],
            cancellationToken
        );
        await SignalStore.GiveAsync(transaction, signals, now, cancellationToken);
        await RehouseAsync(
            transaction,
            [.. batch.Rehoused.Distinct().Select(lead => ids[lead])],
            now,
            cancellationToken
        );
        if (batch.Moved.Count == 0)
        {
            return;
        }

        await ExitAsync(batch, ids, cancellationToken);
        await HandOffAsync(batch, ids, cancellationToken);
        await new LaneMoves(transaction, now).WriteAsync(batch, ids, cancellationToken);
    }

    // What pauses while sales has a lead, and goes on once it is given back.
    private async Task HandOffAsync(
        FactBatch batch,
        Dictionary<ExternalKey, long> ids,
        CancellationToken cancellationToken
    )
    {
        await HoldWriter.HoldAsync(
            transaction,
            [.. batch.Held.Select(held => (ids[held.Lead], (int?)held.Version.Value))],
            HoldWriter.Handoff,
            now,
            cancellationToken
        );
        await HoldWriter.ReleaseAsync(
            transaction,
            await HandoffStore.FindFreeAsync(
                transaction,
                [.. batch.Returned.Select(lead => ids[lead])],
                cancellationToken
            ),
            HoldWriter.Handoff,
            now,
            cancellationToken
        );
    }

    // First out, then in: a move that ends an old version of a track may lead into its current one.
    private Task ExitAsync(FactBatch batch, Dictionary<ExternalKey, long> ids, CancellationToken cancellationToken) =>
        EnrollmentWriter.ExitAsync(
            transaction,
            [.. batch.Exits.Select(exit => (ids[exit.Lead], exit))],
            now,
            cancellationToken
        );

    // The pause of the account that a lead has left ends for it, and that of the account that it has come to begins.
    internal static async Task RehouseAsync(
        NpgsqlTransaction transaction,
        long[] leads,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        if (leads.Length == 0)
        {
            return;
        }

        var paused = (
            await transaction.QueryAsync<long>(PausedByAccountSql, new { leads }, cancellationToken)
        ).ToHashSet();
        await HoldWriter.HoldAsync(
            transaction,
            [.. leads.Where(paused.Contains).Select(lead => (lead, (int?)null))],
            HoldWriter.Account,
            now,
            cancellationToken
        );
        await HoldWriter.ReleaseAsync(
            transaction,
            leads.Where(lead => !paused.Contains(lead)),
            HoldWriter.Account,
            now,
            cancellationToken
        );
    }

    // What a lead did before it moved is for the tracks that it is in.
    private static List<(long LeadId, TrackVersionId Version, SignalFor For)> SignalsFor(
        FactBatch batch,
        Dictionary<ExternalKey, long> ids
    )
    {
        var tracks = batch.Tracks.All.ToDictionary(track => track.Version, track => track.Track);
        return
        [
            .. batch.Signals.SelectMany(row =>
                batch
                    .Live[row.Lead]
                    .Where(version => tracks.GetValueOrDefault(version)?.Hears(row.Signal) == true)
                    .Select(version => (ids[row.Lead], version, row))
            ),
        ];
    }
}
