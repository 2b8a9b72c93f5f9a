using Npgsql;
using NurtureEngine.Core.Channels;
using NurtureEngine.Core.Leads;

namespace NurtureEngine.Postgres.Facts;

/// <summary>Writes where leads are reached, channel by channel. Leads are locked by then, in the order of their keys.</summary>
internal sealed class AddressWriter(NpgsqlTransaction transaction, ChannelSet channels)
{
    private const string Sql = """
        WITH wanted AS MATERIALIZED (SELECT * FROM unnest(@ids, @channels, @addresses) AS w (lead_id, channel, address)),
        gone AS (
            DELETE FROM lead_address a USING wanted w WHERE a.lead_id = w.lead_id AND a.channel = w.channel AND w.address IS NULL)
        INSERT INTO lead_address (lead_id, channel, address)
        SELECT lead_id, channel, address FROM wanted WHERE address IS NOT NULL
        ON CONFLICT (lead_id, channel) DO UPDATE SET address = excluded.address
        """;

    /// <summary>Writes what is not as it was.</summary>
    public Task WriteAsync(
        IReadOnlyList<LeadBeforeAndAfter> changes,
        IReadOnlyDictionary<ExternalKey, long> ids,
        CancellationToken cancellationToken
    )
    {
        var rows = (
            from change in changes
            from channel in channels.All
            let address = IdentityOf(channel, change.After)
            where address != (change.Before is { } before ? IdentityOf(channel, before) : null)
            select (Lead: ids[change.After.Key], Channel: channel.Name, Address: address)
        ).ToList();
        return rows.Count == 0
            ? Task.CompletedTask
            : transaction.ExecuteAsync(
                Sql,
                new
                {
                    ids = rows.ToArray(row => row.Lead),
                    channels = rows.ToArray(row => row.Channel),
                    addresses = rows.ToArray(row => row.Address),
                },
                cancellationToken
            );
    }

    private static string? IdentityOf(IChannel channel, Lead lead) =>
        channel.AddressOf(lead) is { } address ? channel.IdentityOf(address) : null;
}
