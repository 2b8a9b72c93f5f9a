using Npgsql;
using NurtureEngine.Core.Cadences;

namespace NurtureEngine.Postgres.Touches;

/// <summary>Lets go of what is kept for a time only: messages as they left, and what caps count no longer.</summary>
public sealed class Retention(NpgsqlDataSource database)
{
    /// <summary>How long messages are kept, and their links lead on.</summary>
    public static readonly TimeSpan Messages = TimeSpan.FromDays(90);

    private const int Batch = 10_000;

    // A whole month goes at once, as soon as its last day is old enough. Statements about tables take no parameters: format() quotes the
    // names, which come from the catalogue.
    private const string DropSql = """
        DO $$
        DECLARE
            part regclass;
        BEGIN
            PERFORM pg_advisory_xact_lock(5641829377402311);
            FOR part IN
                SELECT inhrelid::regclass
                  FROM pg_inherits
                 WHERE inhparent = 'message'::regclass
                   AND inhrelid::regclass::text ~ '_[0-9]{4}_[0-9]{2}$'
                   AND to_date(right(inhrelid::regclass::text, 7), 'YYYY_MM') + interval '1 month' <= current_setting('nurture.before')::timestamptz
            LOOP
                EXECUTE format('DROP TABLE %s', part);
            END LOOP;
        END $$
        """;

    private const string StrayMessagesSql = "DELETE FROM message_default WHERE recorded_at < @before";

    private const string ReservationsSql = """
        DELETE FROM reservation
         WHERE (lead_id, touch_id) IN (SELECT lead_id, touch_id FROM reservation WHERE at < @before ORDER BY at LIMIT @batch)
        """;

    /// <summary>One turn; <paramref name="now"/> is business time. True where there may be more.</summary>
    public async Task<bool> RunTurnAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using (var connection = await database.OpenConnectionAsync(cancellationToken))
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            var before = now - Messages;
            await transaction.ExecuteAsync(
                "SELECT set_config('nurture.before', @before, true)",
                new { before = before.UtcDateTime.ToString("O") },
                cancellationToken
            );
            await transaction.ExecuteAsync(DropSql, null, cancellationToken);
            await transaction.ExecuteAsync(StrayMessagesSql, new { before }, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        // A month by a calendar reaches back further than its days; a little more is kept than any window counts.
        var forgotten = now - CadenceMemory.LongestWindow - TimeSpan.FromDays(3);
        return await database.ExecuteAsync(
                ReservationsSql,
                new { before = forgotten, batch = Batch },
                cancellationToken
            ) == Batch;
    }
}
