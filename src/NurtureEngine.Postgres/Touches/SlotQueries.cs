using Npgsql;

namespace NurtureEngine.Postgres.Touches;

/// <summary>Lists the send slots to come: the minutes in which planned touches are due.</summary>
public sealed class SlotQueries(NpgsqlDataSource database)
{
    // What is overdue leaves in the current minute. Channels are few: each is a range of the index. Enrollments that are due before a slot may plan
    // more for it; they are counted once, between the slots, and added up.
    private const string ListSql = """
        WITH parts AS (
            SELECT t.channel, GREATEST(date_trunc('minute', t.due_at, 'UTC'), @current) AS slot_at, track.definition_id AS track, l.fields->>'role' AS role, count(*) AS touches
              FROM touch t
              JOIN enrollment e ON e.lead_id = t.lead_id AND e.id = t.enrollment_id
              JOIN track ON track.id = e.track_id
              JOIN lead l ON l.id = t.lead_id
             WHERE t.state = 'planned' AND t.channel = ANY(@channels) AND t.due_at < @until
             GROUP BY 1, 2, 3, 4),
        slots AS (
            SELECT slot_at, channel, sum(touches)::bigint AS touches,
                   json_agg(json_build_object('track', track, 'role', role, 'touches', touches) ORDER BY track, role) AS parts
              FROM parts
             WHERE (slot_at, channel) > (@afterSlot, @afterChannel)
             GROUP BY slot_at, channel
             ORDER BY slot_at, channel
             LIMIT @limit + 1),
        ends AS (SELECT array_agg(DISTINCT slot_at ORDER BY slot_at) AS at FROM slots),
        due AS (
            SELECT width_bucket(e.due_at, ends.at) AS bucket, count(*) AS enrollments
              FROM ends
             CROSS JOIN track_version v
             CROSS JOIN LATERAL (
                   SELECT due_at FROM enrollment WHERE track_version_id = v.id AND state = 0 AND due_at < ends.at[cardinality(ends.at)]) AS e
             GROUP BY 1)
        SELECT slots.channel, slots.slot_at, slots.touches, slots.parts::text AS parts,
               COALESCE((SELECT sum(enrollments) FROM due WHERE bucket < array_position(ends.at, slots.slot_at)), 0)::bigint AS expected
          FROM slots CROSS JOIN ends
         ORDER BY slots.slot_at, slots.channel
        """;

    /// <summary>The slots behind a key, the first one first, up to <see cref="SlotStore.Ahead"/> of an instant of business time.</summary>
    public async Task<Page<SlotRow, (DateTimeOffset SlotAt, string Channel)>> ListAsync(
        string[] channels,
        DateTimeOffset now,
        (DateTimeOffset SlotAt, string Channel)? after,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var rows = await database.QueryAsync<SlotRow>(
            ListSql,
            new
            {
                channels,
                current = SlotStore.MinuteOf(now),
                until = now + SlotStore.Ahead,
                afterSlot = after?.SlotAt ?? DateTimeOffset.MinValue,
                afterChannel = after?.Channel ?? "",
                limit,
            },
            cancellationToken
        );
        return Page.Of(rows, limit, row => (row.SlotAt, row.Channel));
    }
}

/// <summary>A minute in which touches of a channel are due.</summary>
public sealed record SlotRow
{
    public string Channel { get; init; } = "";
    public DateTimeOffset SlotAt { get; init; }
    public long Touches { get; init; }

    /// <summary>How many of them by track and role, as JSON.</summary>
    public string Parts { get; init; } = "[]";

    /// <summary>Enrollments that are due before the slot.</summary>
    public long Expected { get; init; }
}
