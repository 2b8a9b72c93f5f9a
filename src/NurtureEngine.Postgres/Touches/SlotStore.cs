using Dapper;
using Npgsql;

namespace NurtureEngine.Postgres.Touches;

/// <summary>
/// Keeps the send slots: which minutes have planned touches, and which job works on each. They are derived from the touches, so that who writes
/// touches knows nothing of them, and a slot or a job that is lost comes again.
/// </summary>
/// <remarks>
/// A job is alive while Hangfire has it where a server finds it: in a queue, or scheduled. What its row says alone is not enough, since any of
/// Hangfire's tables may have been emptied. Of what is due, a job that is scheduled for later (by a host whose clock is behind), or that nobody has moved
/// into the queue for some seconds, does not count. For a slot, jobs are made ten seconds apart at
/// least, so that hosts whose clocks differ by a lot, and end each other's jobs, do not make many.
/// </remarks>
public sealed class SlotStore(NpgsqlDataSource database)
{
    /// <summary>How far ahead slots are made.</summary>
    public static readonly TimeSpan Ahead = TimeSpan.FromHours(48);

    private const string InQueue = "EXISTS (SELECT FROM hangfire.jobqueue q WHERE q.jobid = j.id)";

    // A scheduled job of a queue of its own has its queue in front, and stays in that state when it is moved into the queue.
    private const string InSchedule =
        "j.statename = 'Scheduled' AND EXISTS (SELECT FROM hangfire.set e WHERE e.key = 'schedule' AND e.value = @channel || ':' || j.id";

    private const string Open = "j.statename IN ('Scheduled', 'Enqueued', 'Processing')";

    private const string HasJob =
        $"EXISTS (SELECT FROM hangfire.job j WHERE j.id = s.job_id AND {Open} AND ({InQueue} OR {InSchedule})))";

    private const string MayStart = """
        (s.starting_until IS NULL OR s.starting_until <= clock_timestamp())
               AND (s.started_at IS NULL OR s.started_at <= clock_timestamp() - @again)
        """;

    private const string Starting = """
        UPDATE send_slot
           SET starting_until = clock_timestamp() + @hold
          FROM chosen
         WHERE send_slot.channel = chosen.channel AND send_slot.slot_at = chosen.slot_at
        RETURNING send_slot.slot_at
        """;

    // A slot's minute is found by the first touch behind the one before: as many steps as there are minutes with touches, not as there are touches.
    private const string FindSql = """
        WITH RECURSIVE found AS (
            SELECT GREATEST(date_trunc('minute', first.due_at, 'UTC'), @current) AS slot_at
              FROM (SELECT min(due_at) AS due_at FROM touch WHERE channel = @channel AND state = 'planned' AND due_at < @until) AS first
             WHERE first.due_at IS NOT NULL
            UNION ALL
            SELECT date_trunc('minute', later.due_at, 'UTC')
              FROM found
             CROSS JOIN LATERAL (
                SELECT due_at
                  FROM touch
                 WHERE channel = @channel AND state = 'planned' AND due_at >= found.slot_at + interval '1 minute' AND due_at < @until
                 ORDER BY due_at
                 LIMIT 1) AS later)
        INSERT INTO send_slot (channel, slot_at)
        SELECT @channel, found.slot_at
          FROM found
         WHERE NOT EXISTS (SELECT FROM send_slot s WHERE s.channel = @channel AND s.slot_at = found.slot_at)
         ORDER BY found.slot_at
        ON CONFLICT DO NOTHING
        """;

    // Of what is due one job is enough: it takes whatever else falls due. One that failed is started again after a pause.
    private const string DueSql = $"""
        WITH due AS MATERIALIZED (
            SELECT slot_at, job_id, starting_until FROM send_slot WHERE channel = @channel AND slot_at <= @now),
        alive AS MATERIALIZED (
            SELECT due.slot_at
              FROM due
              JOIN hangfire.job j ON j.id = due.job_id
             WHERE {Open}
               AND ({InQueue}
                    OR {InSchedule}
                       AND e.score BETWEEN extract(epoch FROM clock_timestamp()) - 3 AND extract(epoch FROM clock_timestamp()) + 5))),
        chosen AS MATERIALIZED (
            SELECT s.channel, s.slot_at
              FROM send_slot s
             WHERE s.channel = @channel AND s.slot_at = (SELECT max(slot_at) FROM due) AND {MayStart}
               AND NOT EXISTS (SELECT FROM alive)
               AND NOT EXISTS (SELECT FROM due WHERE due.starting_until > clock_timestamp())
               AND NOT EXISTS (
                   SELECT FROM hangfire.job j JOIN hangfire.state st ON st.id = j.stateid
                    WHERE j.id = s.job_id AND st.name = 'Failed'
                      AND st.createdat BETWEEN clock_timestamp() - @pause AND clock_timestamp() + @pause)
               FOR UPDATE OF s SKIP LOCKED)
        {Starting}
        """;

    private const string ComingSql = $"""
        WITH chosen AS MATERIALIZED (
            SELECT s.channel, s.slot_at
              FROM send_slot s
             WHERE s.channel = @channel AND s.slot_at > @now AND s.slot_at < @until AND {MayStart} AND NOT {HasJob}
             ORDER BY s.slot_at
             LIMIT @limit
               FOR UPDATE OF s SKIP LOCKED)
        {Starting}
        """;

    private const string NoteSql = """
        UPDATE send_slot SET job_id = @job, starting_until = NULL, started_at = clock_timestamp()
         WHERE channel = @channel AND slot_at = @slot
        """;

    // What is over goes once its job has ended; until then the job stands for all that is due.
    private const string DeletePastSql = $"""
        DELETE FROM send_slot s
         WHERE s.channel = @channel AND s.slot_at <= @now - interval '1 minute'
           AND (s.starting_until IS NULL OR s.starting_until <= clock_timestamp())
           AND NOT {HasJob}
        """;

    // A job that runs already is none to be deleted, however early it is by this host's clock.
    private const string DeleteEmptySql = $"""
        DELETE FROM send_slot s
         WHERE (s.channel, s.slot_at) IN (
            SELECT s.channel, s.slot_at
              FROM send_slot s
             WHERE s.channel = @channel AND s.slot_at > @now + interval '1 minute'
               AND (s.starting_until IS NULL OR s.starting_until <= clock_timestamp())
               AND NOT EXISTS (
                   SELECT FROM touch t
                    WHERE t.channel = s.channel AND t.state = 'planned' AND t.due_at >= s.slot_at AND t.due_at < s.slot_at + interval '1 minute')
               AND NOT EXISTS (SELECT FROM hangfire.job j WHERE j.id = s.job_id AND {Open} AND {InQueue})
             LIMIT @limit
               FOR UPDATE OF s SKIP LOCKED)
        RETURNING s.job_id
        """;

    // The row of the slot on which a job works keeps hosts from starting helpers at the same time.
    private const string HelpSql = $"""
        WITH behind AS MATERIALIZED (
            SELECT count(*) AS touches
              FROM (SELECT FROM touch WHERE channel = @channel AND state = 'planned' AND due_at <= @now LIMIT @many + 1) AS waiting),
        chosen AS MATERIALIZED (
            SELECT s.channel, s.slot_at
              FROM send_slot s
             WHERE s.channel = @channel
               AND s.slot_at = (
                   SELECT max(slot_at) FROM send_slot s WHERE s.channel = @channel AND s.slot_at <= @now AND {HasJob})
               AND (s.starting_until IS NULL OR s.starting_until <= clock_timestamp())
               AND (SELECT touches FROM behind) > @many
               AND (SELECT count(*) FROM hangfire.jobqueue WHERE queue = @channel)
                 < (SELECT count(*) FROM hangfire.server
                     WHERE jsonb_exists(data->'Queues', @channel) AND lastheartbeat > clock_timestamp() - interval '30 seconds')
               FOR UPDATE OF s SKIP LOCKED)
        {Starting}
        """;

    // A lock that a host took while its clock was ahead would last until that time. Jobs that failed are kept for a week.
    private const string TidySql = """
        DELETE FROM hangfire.lock WHERE acquired > clock_timestamp() + interval '1 minute';
        UPDATE hangfire.job SET expireat = clock_timestamp() + interval '7 days' WHERE statename = 'Failed' AND expireat IS NULL;
        """;

    private const string HelpedSql = """
        UPDATE send_slot SET starting_until = NULL WHERE channel = @channel AND slot_at = @slot
        """;

    // What is overdue belongs to the slot that is open.
    private const string CountSql = """
        SELECT count(*)
          FROM (SELECT FROM touch
                 WHERE channel = @channel AND state = 'planned' AND due_at < @slot + interval '1 minute' AND (due_at >= @slot OR @slot <= @now)
                 LIMIT @most + 1) AS planned
        """;

    // Another host starts what this one did not come to.
    private static readonly TimeSpan StartingHold = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(15);

    // So that hosts whose clocks disagree on what is due do not start jobs one after the other.
    private static readonly TimeSpan BetweenStarts = TimeSpan.FromSeconds(10);

    /// <summary>How many slots to come are started or deleted at a time.</summary>
    public const int Most = 20;

    /// <summary>
    /// Adds the missing slots of the planned touches that are due before <paramref name="until"/>; those that are overdue at <paramref name="now"/>
    /// are in the current minute. Both are business time.
    /// </summary>
    public Task FindAsync(
        string channel,
        DateTimeOffset now,
        DateTimeOffset until,
        CancellationToken cancellationToken
    ) =>
        database.ExecuteAsync(
            FindSql,
            new
            {
                channel,
                current = MinuteOf(now),
                until,
            },
            cancellationToken
        );

    /// <summary>The slot that is due at <paramref name="now"/> (business time) and for which this host has to make a job within ten seconds; null where there is none.</summary>
    public async Task<DateTimeOffset?> StartDueAsync(
        string channel,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) =>
        (
            await database.QueryAsync<DateTimeOffset?>(
                DueSql,
                new
                {
                    channel,
                    now,
                    hold = StartingHold,
                    again = BetweenStarts,
                    pause = AfterFailure,
                },
                cancellationToken
            )
        ).SingleOrDefault();

    /// <summary>
    /// The slots between <paramref name="now"/> and <paramref name="until"/> (business time) for which this host has to schedule a job within ten
    /// seconds, <see cref="Most"/> at a time.
    /// </summary>
    public async Task<IReadOnlyList<DateTimeOffset>> StartComingAsync(
        string channel,
        DateTimeOffset now,
        DateTimeOffset until,
        CancellationToken cancellationToken
    ) =>
        await database.QueryAsync<DateTimeOffset>(
            ComingSql,
            new
            {
                channel,
                now,
                until,
                hold = StartingHold,
                again = BetweenStarts,
                limit = Most,
            },
            cancellationToken
        );

    /// <summary>Notes the job that was made for a slot.</summary>
    public Task NoteAsync(string channel, DateTimeOffset slot, long job, CancellationToken cancellationToken) =>
        database.ExecuteAsync(
            NoteSql,
            new
            {
                channel,
                slot,
                job,
            },
            cancellationToken
        );

    /// <summary>Deletes the slots whose minute is over at <paramref name="now"/> (business time) and whose job has ended.</summary>
    public Task DeletePastAsync(string channel, DateTimeOffset now, CancellationToken cancellationToken) =>
        database.ExecuteAsync(DeletePastSql, new { channel, now }, cancellationToken);

    /// <summary>Deletes slots to come that have no touches any more, <see cref="Most"/> at a time; the job of each, null where it had none.</summary>
    public async Task<IReadOnlyList<long?>> DeleteEmptyAsync(
        string channel,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) =>
        await database.QueryAsync<long?>(
            DeleteEmptySql,
            new
            {
                channel,
                now,
                limit = Most,
            },
            cancellationToken
        );

    /// <summary>
    /// The slot that this host has to make one more job for, since more than <paramref name="many"/> touches are due and fewer jobs are in
    /// the queue than there are servers; null where there is none.
    /// </summary>
    public async Task<DateTimeOffset?> HelpAsync(
        string channel,
        DateTimeOffset now,
        int many,
        CancellationToken cancellationToken
    ) =>
        (
            await database.QueryAsync<DateTimeOffset?>(
                HelpSql,
                new
                {
                    channel,
                    now,
                    many,
                    hold = StartingHold,
                },
                cancellationToken
            )
        ).SingleOrDefault();

    /// <summary>Keeps Hangfire's own tables in order, as far as its servers do not.</summary>
    public Task TidyAsync(CancellationToken cancellationToken) =>
        database.ExecuteAsync(TidySql, null, cancellationToken);

    /// <summary>Notes that one more job was made for a slot.</summary>
    public Task HelpedAsync(string channel, DateTimeOffset slot, CancellationToken cancellationToken) =>
        database.ExecuteAsync(HelpedSql, new { channel, slot }, cancellationToken);

    /// <summary>
    /// How many touches are planned for a slot as of <paramref name="now"/> (business time); one more than <paramref name="most"/> is many. It
    /// blocks, for pages that are written without waiting.
    /// </summary>
    public long Count(string channel, DateTimeOffset slot, DateTimeOffset now, int most)
    {
        using var connection = database.OpenConnection();
        return connection.ExecuteScalar<long>(
            CountSql,
            new
            {
                channel,
                slot,
                now,
                most,
            }
        );
    }

    /// <summary>The minute of an instant, rounded down.</summary>
    public static DateTimeOffset MinuteOf(DateTimeOffset at) =>
        new(at.UtcTicks / TimeSpan.TicksPerMinute * TimeSpan.TicksPerMinute, TimeSpan.Zero);
}
