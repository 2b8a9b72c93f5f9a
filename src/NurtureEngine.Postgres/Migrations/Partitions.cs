using System.Globalization;
using Npgsql;

namespace NurtureEngine.Postgres.Migrations;

/// <summary>Makes the monthly partitions of the tables that only grow, ahead of business time.</summary>
public sealed class Partitions(NpgsqlDataSource database)
{
    private const int MonthsAhead = 3;

    // Statements about tables take no parameters: format() quotes the names, which come from this list and from a date.
    // Rows that fell into the default partition while a month was missing are moved, since they would forbid making it.
    private const string MakeSql = """
        DO $$
        DECLARE
            parent text;
            month  date;
            part   text;
        BEGIN
            PERFORM pg_advisory_xact_lock(5641829377402311);
            FOREACH parent IN ARRAY ARRAY['timeline', 'ledger', 'touch_event', 'message'] LOOP
                FOR ahead IN 0..current_setting('nurture.months')::int LOOP
                    month := (current_setting('nurture.month')::date + make_interval(months => ahead))::date;
                    part := parent || to_char(month, '_YYYY_MM');
                    CONTINUE WHEN to_regclass(part) IS NOT NULL;
                    EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', part, parent);
                    EXECUTE format('WITH moved AS (DELETE FROM %I WHERE recorded_at >= %L AND recorded_at < %L RETURNING *) INSERT INTO %I SELECT * FROM moved',
                        parent || '_default', month::timestamp AT TIME ZONE 'UTC', (month + interval '1 month')::timestamp AT TIME ZONE 'UTC', part);
                    EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
                        parent, part, month::timestamp AT TIME ZONE 'UTC', (month + interval '1 month')::timestamp AT TIME ZONE 'UTC');
                END LOOP;
            END LOOP;
        END $$
        """;

    /// <summary>Makes the partitions of this month (business time, UTC) and the next three; repeating it changes nothing.</summary>
    public async Task RunTurnAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var months = new
        {
            Month = now.UtcDateTime.ToString("yyyy-MM-01", CultureInfo.InvariantCulture),
            Months = $"{MonthsAhead}",
        };
        await transaction.ExecuteAsync(
            "SELECT set_config('nurture.month', @Month, true), set_config('nurture.months', @Months, true)",
            months,
            cancellationToken
        );
        await transaction.ExecuteAsync(MakeSql, null, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}
