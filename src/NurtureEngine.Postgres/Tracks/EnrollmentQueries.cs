using Npgsql;

namespace NurtureEngine.Postgres.Tracks;

/// <summary>Lists enrollments and tracks for people.</summary>
public sealed class EnrollmentQueries(NpgsqlDataSource database)
{
    private const string ListSql = """
        SELECT e.lead_id, e.id, t.definition_id AS track, e.track_version_id, v.number AS version, e.state, e.due_at, e.entered_at, e.ended_at, e.code, e.argument, e.tokens, e.held_by
          FROM enrollment e
          JOIN track t ON t.id = e.track_id
          JOIN track_version v ON v.id = e.track_version_id
         WHERE (e.lead_id, e.id) > (@afterLead, @afterId)
           AND (@leadId::bigint IS NULL OR e.lead_id = @leadId)
           AND (@state::smallint IS NULL OR e.state = @state)
         ORDER BY e.lead_id, e.id
         LIMIT @limit + 1
        """;

    private const string TracksSql = """
        SELECT t.definition_id, v.number, v.published_at, t.paused_at
          FROM track t
          JOIN track_version v ON v.track_id = t.id AND v.is_current
         ORDER BY t.definition_id
        """;

    /// <summary>Enrollments behind a key, of one lead or all, in one state or any.</summary>
    public async Task<Page<EnrollmentRow, (long LeadId, long Id)>> ListAsync(
        long? leadId,
        short? state,
        (long LeadId, long Id)? after,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var parameters = new
        {
            leadId,
            state,
            afterLead = after?.LeadId ?? 0,
            afterId = after?.Id ?? 0,
            limit,
        };
        var rows = await database.QueryAsync<EnrollmentRow>(ListSql, parameters, cancellationToken);
        return Page.Of(rows, limit, row => (row.LeadId, row.Id));
    }

    /// <summary>The tracks in their current versions.</summary>
    public async Task<IReadOnlyList<TrackRow>> ListTracksAsync(CancellationToken cancellationToken) =>
        await database.QueryAsync<TrackRow>(TracksSql, null, cancellationToken);
}

public sealed record EnrollmentRow
{
    public long LeadId { get; init; }
    public long Id { get; init; }
    public string Track { get; init; } = "";
    public int TrackVersionId { get; init; }
    public int Version { get; init; }
    public short State { get; init; }
    public DateTimeOffset? DueAt { get; init; }
    public DateTimeOffset EnteredAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
    public string? Code { get; init; }
    public string? Argument { get; init; }

    /// <summary>What holds it: <c>lead</c>, <c>account</c>, <c>handoff</c>, <c>lane</c> and <c>person</c>; null where nothing does.</summary>
    public string[]? HeldBy { get; init; }

    /// <summary>Where it stands, as <see cref="Core.Tracks.Running.TokenCodec"/> writes it.</summary>
    public byte[]? Tokens { get; init; }
}

public sealed record TrackRow
{
    public string DefinitionId { get; init; } = "";
    public int Number { get; init; }
    public DateTimeOffset PublishedAt { get; init; }
    public DateTimeOffset? PausedAt { get; init; }
}
