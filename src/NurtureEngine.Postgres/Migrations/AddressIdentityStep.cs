using Dapper;
using Npgsql;
using NurtureEngine.Core.Leads;

namespace NurtureEngine.Postgres.Migrations;

/// <summary>
/// Brings every stored address to its identity (<see cref="EmailAddress.Identity"/>), page by page. What is an identity already is left as it is, so a step
/// that was interrupted goes on where it finds work. Where two spellings meet, the stricter suppression stays, with the earlier date, and counts
/// add up. Leads are not merged.
/// </summary>
internal static class AddressIdentityStep
{
    private const int PageSize = Respelling.PageSize;

    // Hosts look every ten seconds whether they are too old, and finish what they have begun.
    private static readonly TimeSpan UntilOlderHostsHaveStopped = TimeSpan.FromSeconds(20);

    private const string WaitSql = """
        SELECT applied_at + @wait - clock_timestamp()
          FROM schema_migration
         WHERE number = 12
           AND EXISTS (SELECT FROM lead)
           AND EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND COALESCE(backend_type, 'client backend') = 'client backend' AND pid <> pg_backend_pid())
        """;

    private const string LeadsSql = """
        SELECT id, COALESCE(fields->>'email', address) FROM lead WHERE id > @after AND address IS NOT NULL ORDER BY id LIMIT @PageSize
        """;

    private const string FillSql = """
        INSERT INTO lead_address (lead_id, channel, address)
        SELECT lead_id, 'email', address FROM unnest(@leads, @addresses) AS w (lead_id, address)
            ON CONFLICT (lead_id, channel) DO UPDATE SET address = excluded.address WHERE lead_address.address <> excluded.address
        """;

    // Addresses in use. Each is read once from end to end: there is no index by which all of them could be paged through.
    private static readonly string[] Sources =
    [
        "SELECT address FROM suppression WHERE channel = 'email'",
        "SELECT address FROM soft_bounce WHERE channel = 'email'",
        "SELECT DISTINCT address FROM reservation",
        "SELECT DISTINCT recipient FROM message",
        "SELECT external_id FROM lead_identity WHERE source = 'email'",
    ];

    private const string RespellSql = """
        WITH spelling AS MATERIALIZED (SELECT * FROM unnest(@old, @new) AS w (old, new)),
        suppressed AS (
            DELETE FROM suppression s USING spelling w WHERE s.channel = 'email' AND s.address = w.old RETURNING w.new, s.reason, s.refusal, s.at),
        bounced AS (
            DELETE FROM soft_bounce b USING spelling w WHERE b.channel = 'email' AND b.address = w.old RETURNING w.new, b.count, b.first_at, b.last_at),
        suppress AS (
            INSERT INTO suppression (channel, address, reason, refusal, at)
            SELECT DISTINCT ON (new) 'email', new, reason, max(refusal) OVER (PARTITION BY new), min(at) OVER (PARTITION BY new) FROM suppressed
             ORDER BY new, reason = 'bounced' DESC, reason = 'unsubscribed'
                ON CONFLICT (channel, address) DO UPDATE
               SET reason = CASE WHEN excluded.reason = 'bounced' OR suppression.reason = 'unsubscribed' THEN excluded.reason ELSE suppression.reason END,
                   refusal = COALESCE(suppression.refusal, excluded.refusal), at = LEAST(suppression.at, excluded.at)),
        count AS (
            INSERT INTO soft_bounce (channel, address, count, first_at, last_at)
            SELECT 'email', new, sum(count)::integer, min(first_at), max(last_at) FROM bounced GROUP BY new
                ON CONFLICT (channel, address) DO UPDATE
               SET count = soft_bounce.count + excluded.count, first_at = LEAST(soft_bounce.first_at, excluded.first_at),
                   last_at = GREATEST(soft_bounce.last_at, excluded.last_at)),
        reserved AS (UPDATE reservation r SET address = w.new FROM spelling w WHERE r.address = w.old),
        kept AS (UPDATE message m SET recipient = w.new FROM spelling w WHERE m.recipient = w.old),
        first AS (SELECT DISTINCT ON (new) old, new FROM spelling ORDER BY new, old)
        UPDATE lead_identity i
           SET external_id = w.new
          FROM first w
         WHERE i.source = 'email' AND i.external_id = w.old
           AND NOT EXISTS (SELECT FROM lead_identity other WHERE other.source = 'email' AND other.external_id = w.new)
        """;

    public static async Task RunAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var wait = await connection.ExecuteScalarAsync<TimeSpan?>(WaitSql, new { wait = UntilOlderHostsHaveStopped });
        if (wait > TimeSpan.Zero)
        {
            await Task.Delay(wait.Value, cancellationToken);
        }

        await FillAsync(connection, cancellationToken);
        foreach (var source in Sources)
        {
            await Respelling.RunAsync(connection, source, EmailAddress.Identity, RespellSql, cancellationToken);
        }
    }

    private static async Task FillAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        List<(long Id, string Address)> page;
        for (var after = 0L; ; after = page[^1].Id)
        {
            page = (await connection.QueryAsync<(long, string)>(LeadsSql, new { after, PageSize })).AsList();
            if (page.Count == 0)
            {
                return;
            }

            await Respelling.ExecuteAsync(
                connection,
                FillSql,
                new
                {
                    leads = page.Select(lead => lead.Id).ToArray(),
                    addresses = page.Select(lead => EmailAddress.Identity(lead.Address)).ToArray(),
                },
                cancellationToken
            );
            Waypoints.Pass("migration.addresses");
        }
    }
}
