using System.Text.Json;
using Dapper;
using Npgsql;
using NurtureEngine.Core.Cadences;
using NurtureEngine.Core.People;
using NurtureEngine.Postgres.People;

namespace NurtureEngine.Postgres.Touches;

/// <summary>The emergency stop: while a channel is stopped nothing is claimed for it, and what is claimed does not pass the gate.</summary>
public sealed class SendingStop(NpgsqlDataSource database)
{
    private const string StopSql = """
        WITH stopped AS (
            INSERT INTO sending_stop (channel, reason, stopped_by, stopped_at)
            VALUES (@channel, @reason, @by, @now)
            ON CONFLICT (channel) DO NOTHING
            RETURNING channel)
        INSERT INTO sending_stop_log (at, channel, act, by_whom, reason)
        SELECT @now, channel, 'stopped', @by, @reason FROM stopped
        RETURNING id
        """;

    private const string ReleaseSql = """
        WITH released AS (
            DELETE FROM sending_stop WHERE channel = @channel RETURNING channel, stopped_at),
        logged AS (
            INSERT INTO sending_stop_log (at, channel, act, by_whom)
            SELECT @now, channel, 'released', @by FROM released)
        SELECT stopped_at FROM released
        """;

    // What fell due meanwhile goes on as it would have come, from now on; the gate then moves it to where it is allowed.
    private const string SpreadSql = """
        WITH waiting AS MATERIALIZED (
            SELECT lead_id, id
              FROM touch
             WHERE channel = @channel
               AND ((state = 'planned' AND due_at <= @now) OR (state = 'deferred' AND code = 'sending.stopped'))
             ORDER BY lead_id, id
               FOR UPDATE)
        UPDATE touch
           SET state = 'planned', retry_at = NULL,
               due_at = @now + (GREATEST(touch.due_at, @since) - @since)
                             * LEAST(1, extract(epoch FROM @within) / GREATEST(extract(epoch FROM @now - @since)::float8, 1))
          FROM waiting
         WHERE touch.lead_id = waiting.lead_id AND touch.id = waiting.id
        """;

    private const string ListSql = "SELECT channel, reason, stopped_by, stopped_at FROM sending_stop ORDER BY channel";

    /// <summary>The channels that are stopped.</summary>
    public async Task<IReadOnlyList<StoppedChannel>> ListAsync(CancellationToken cancellationToken) =>
        await database.QueryAsync<StoppedChannel>(ListSql, null, cancellationToken);

    /// <summary>The names of the channels that are stopped. It blocks, for pages that are written without waiting.</summary>
    public IReadOnlyList<string> Stopped()
    {
        using var connection = database.OpenConnection();
        return [.. connection.Query<string>("SELECT channel FROM sending_stop ORDER BY channel")];
    }

    /// <summary>Whether sending on a channel is stopped at this moment.</summary>
    public async Task<bool> IsStoppedAsync(string channel, CancellationToken cancellationToken) =>
        (await ListAsync(cancellationToken)).Any(stop => stop.Channel == channel);

    /// <summary>
    /// Stops a channel; false where it was stopped already. When it answers, every gate that was open has closed. <paramref name="by"/>
    /// names the person or the API key, <paramref name="actor"/> does so in the audit log.
    /// </summary>
    public async Task<bool> StopAsync(
        string channel,
        string reason,
        string by,
        string actor,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await AdvisoryLock.TakeAsync(transaction, AdvisoryLock.SendingStop, cancellationToken);
        var stopped = await transaction.ExecuteAsync(
            StopSql,
            new
            {
                channel,
                reason,
                by,
                now,
            },
            cancellationToken
        );
        await transaction.AuditAsync(
            stopped == 0 ? null : EntryOf("sending.stopped", channel, actor, now, new { reason }),
            cancellationToken
        );
        await transaction.CommitAsync(cancellationToken);
        return stopped == 1;
    }

    /// <summary>Lets a channel go on, without a burst of what was held back; false where it was not stopped.</summary>
    public async Task<bool> ReleaseAsync(
        string channel,
        string by,
        string actor,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var since = await transaction.QueryAsync<DateTimeOffset>(
            ReleaseSql,
            new
            {
                channel,
                by,
                now,
            },
            cancellationToken
        );
        if (since.Count == 0)
        {
            return false;
        }

        await transaction.ExecuteAsync(
            SpreadSql,
            new
            {
                channel,
                since = since[0],
                now,
                within = Resumption.Within,
            },
            cancellationToken
        );
        await transaction.AuditAsync(EntryOf("sending.released", channel, actor, now, after: null), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    private static AuditEntry EntryOf(string act, string channel, string actor, DateTimeOffset now, object? after) =>
        new()
        {
            At = now,
            Actor = actor,
            Act = act,
            Subject = $"channel/{channel}",
            After = after is null ? null : JsonSerializer.Serialize(after),
        };
}

/// <summary>A channel on which nothing leaves: why, who stopped it (the name of an API key) and when.</summary>
public sealed record StoppedChannel
{
    public string Channel { get; init; } = "";
    public string Reason { get; init; } = "";
    public string StoppedBy { get; init; } = "";
    public DateTimeOffset StoppedAt { get; init; }
}
