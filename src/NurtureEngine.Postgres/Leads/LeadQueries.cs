using Npgsql;
using NurtureEngine.Core.Reports;

namespace NurtureEngine.Postgres.Leads;

/// <summary>Shows leads and their timelines to people.</summary>
public sealed class LeadQueries(NpgsqlDataSource database)
{
    private static readonly string Select = $"""
        SELECT l.id, l.account_id, ({ReachSql.Seen("l.fields")})::text AS fields, ({ReachSql.Seen(
            "a.fields"
        )})::text AS account_fields,
               l.active_at, l.paused_at, l.deleted_at, l.merged_into, l.created_at, l.updated_at,
               (SELECT json_agg(json_build_object('source', source, 'externalId', external_id) ORDER BY source, external_id)
                  FROM lead_identity WHERE lead_id = l.id)::text AS identities,
               (SELECT json_agg(json_build_object('lifeCycle', life_cycle, 'stage', stage, 'since', since,
                                                 'origin', (ARRAY['crm', 'rule', 'hand'])[origin + 1]) ORDER BY life_cycle)
                  FROM lead_stage WHERE lead_id = l.id)::text AS stages,
               (SELECT json_agg(json_build_object('channel', channel, 'purpose', purpose, 'granted', granted, 'source', origin, 'at', at) ORDER BY channel, purpose)
                  FROM consent WHERE lead_id = l.id)::text AS consents
          FROM lead l
          LEFT JOIN account a ON a.id = l.account_id
        """;

    private static string ListSql(LeadReach reach) =>
        $"""
            {Select}
             WHERE l.id > @after AND l.merged_into IS NULL AND {ReachSql.ConditionOf(reach)}
             ORDER BY l.id
             LIMIT @limit + 1
            """;

    // From the identities: what is found there is a handful, whatever the number of leads.
    private static string ListByExternalIdSql(LeadReach reach) =>
        $"""
            {Select}
              JOIN (SELECT DISTINCT lead_id
                      FROM lead_identity
                     WHERE external_id = @externalId AND source = COALESCE(@source, source)) AS found ON found.lead_id = l.id
             WHERE l.id > @after AND {ReachSql.ConditionOf(reach)}
             ORDER BY l.id
             LIMIT @limit + 1
            """;

    private static string FindSql(LeadReach reach) => $"{Select} WHERE l.id = @id AND {ReachSql.ConditionOf(reach)}";

    private const string TimelineSql = """
        SELECT recorded_at, id, occurred_at, kind, (arguments - @hiddenArguments)::text AS arguments
          FROM (SELECT recorded_at, id, occurred_at, kind, arguments FROM timeline WHERE lead_id = @id
                 UNION ALL
                SELECT recorded_at, id, recorded_at, 'touch.' || state,
                       jsonb_strip_nulls(jsonb_build_object('touch', touch_id, 'code', code, 'argument', argument))
                  FROM touch_event WHERE lead_id = @id) AS entry
         WHERE (recorded_at, id, kind) < (@beforeAt, @beforeId, @beforeKind)
         ORDER BY recorded_at DESC, id DESC, kind DESC
         LIMIT @limit + 1
        """;

    /// <summary>The leads within a reach by id, or those that another system knows by an id.</summary>
    public async Task<Page<LeadRow, long>> ListAsync(
        string? source,
        string? externalId,
        LeadReach reach,
        long? after,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var rows = await database.QueryAsync<LeadRow>(
            externalId is null ? ListSql(reach) : ListByExternalIdSql(reach),
            ReachSql.Parameters(
                reach,
                new
                {
                    source,
                    externalId,
                    after = after ?? 0,
                    limit,
                }
            ),
            cancellationToken
        );
        return Page.Of(rows, limit, row => row.Id);
    }

    /// <summary>One lead; null where there is none within the reach.</summary>
    public async Task<LeadRow?> FindAsync(long id, LeadReach reach, CancellationToken cancellationToken) =>
        await database.QuerySingleOrDefaultAsync<LeadRow>(
            FindSql(reach),
            ReachSql.Parameters(reach, new { id }),
            cancellationToken
        );

    /// <summary>What happened to a lead, newest first: facts and the fate of its touches, as far as the reach shows it.</summary>
    public async Task<Page<TimelineRow, TimelineKey>> TimelineAsync(
        long id,
        LeadReach reach,
        TimelineKey? before,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var parameters = new
        {
            id,
            hiddenArguments = reach.HiddenArguments.ToArray(),
            beforeAt = before?.RecordedAt ?? new DateTimeOffset(9000, 1, 1, 0, 0, 0, TimeSpan.Zero),
            beforeId = before?.Id ?? long.MaxValue,
            beforeKind = before?.Kind ?? "",
            limit,
        };
        var rows = await database.QueryAsync<TimelineRow>(TimelineSql, parameters, cancellationToken);
        return Page.Of(rows, limit, row => new TimelineKey(row.RecordedAt, row.Id, row.Kind));
    }
}

/// <summary>A lead as the database tells it; the texts are JSON.</summary>
public sealed record LeadRow
{
    public long Id { get; init; }
    public long? AccountId { get; init; }
    public string Fields { get; init; } = "{}";
    public string? AccountFields { get; init; }
    public string? Identities { get; init; }
    public string? Stages { get; init; }
    public string? Consents { get; init; }
    public DateTimeOffset? ActiveAt { get; init; }
    public DateTimeOffset? PausedAt { get; init; }
    public DateTimeOffset? DeletedAt { get; init; }
    public long? MergedInto { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset UpdatedAt { get; init; }
}

public sealed record TimelineRow
{
    public DateTimeOffset RecordedAt { get; init; }
    public long Id { get; init; }
    public DateTimeOffset OccurredAt { get; init; }
    public string Kind { get; init; } = "";
    public string Arguments { get; init; } = "{}";
}

/// <summary>An entry's place in a lead's timeline.</summary>
public readonly record struct TimelineKey(DateTimeOffset RecordedAt, long Id, string Kind);
