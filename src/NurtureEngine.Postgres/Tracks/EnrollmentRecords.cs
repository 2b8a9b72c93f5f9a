using Npgsql;
using NurtureEngine.Core.Reports;
using NurtureEngine.Core.Tracks.Running;
using NurtureEngine.Postgres.Leads;

namespace NurtureEngine.Postgres.Tracks;

/// <inheritdoc cref="IEnrollmentRecords" />
public sealed class EnrollmentRecords(NpgsqlDataSource database) : IEnrollmentRecords
{
    private const int Bound = 10_000;

    private const string Columns = """
        e.lead_id, e.id, t.definition_id AS track, e.track_version_id AS version_id, v.number AS version, e.state, e.entered_at, e.ended_at, e.due_at,
        e.code, e.argument, e.tokens, e.held_by
        """;

    private const string Joined = """
          FROM enrollment e
          JOIN track t ON t.id = e.track_id
          JOIN track_version v ON v.id = e.track_version_id
          JOIN lead l ON l.id = e.lead_id
        """;

    private const string EntriesSql = """
        SELECT step, recorded_at AS at
          FROM ledger
         WHERE lead_id = @leadId AND enrollment_id = @id AND code = 'step.entered'
         ORDER BY recorded_at, id
         LIMIT 1000
        """;

    // What is shown of an enrollment is its row, and the steps that were entered, which change its row.
    private const string StampsSql = """
        SELECT e.lead_id, e.id, md5(ROW(e.track_version_id, e.state, e.due_at, e.ended_at, e.code, e.argument, e.held_by, e.tokens)::text) AS stamp
          FROM unnest(@leads, @ids) AS w (lead_id, id)
          JOIN enrollment e ON e.lead_id = w.lead_id AND e.id = w.id
        """;

    private const string More = """
        (SELECT max(recorded_at) FROM ledger WHERE ledger.lead_id = e.lead_id AND ledger.enrollment_id = e.id) AS changed_at,
        (SELECT count(*)::int FROM touch
          WHERE touch.lead_id = e.lead_id AND touch.enrollment_id = e.id AND touch.state IN ('planned', 'deferred', 'awaiting_approval')) AS coming
        """;

    private static string Wanted(LeadReach reach) =>
        $"""
             WHERE (cardinality(@tracks) = 0 OR e.track_id = ANY (ARRAY(SELECT id FROM track WHERE definition_id = ANY(@tracks))))
               AND (cardinality(@states) = 0 OR e.state = ANY(@states))
               AND (@leadId::bigint IS NULL OR e.lead_id = @leadId)
               AND {ReachSql.ConditionOf(reach)}
            """;

    public async Task<(IReadOnlyList<EnrollmentRecord> Rows, int Count)> ListAsync(
        EnrollmentFilter filter,
        LeadReach reach,
        CancellationToken cancellationToken
    )
    {
        var parameters = ReachSql.Parameters(
            reach,
            new
            {
                tracks = filter.Tracks.ToArray(),
                states = filter.States.Select(state => (short)state).ToArray(),
                leadId = filter.LeadId,
                skip = Math.Min(filter.Skip, Bound),
                take = filter.Take,
                Bound,
            }
        );
        var rows = await database.QueryAsync<Row>(
            $"SELECT {Columns} {Joined} {Wanted(reach)} ORDER BY e.lead_id DESC, e.id DESC LIMIT @take OFFSET @skip",
            parameters,
            cancellationToken
        );
        var count = await database.QueryAsync<int>(
            $"SELECT count(*)::int FROM (SELECT 1 {Joined} {Wanted(reach)} LIMIT @Bound) AS w",
            parameters,
            cancellationToken
        );
        return (rows.ConvertAll(row => row.ToRecord()), count.Single());
    }

    public async Task<EnrollmentRecord?> FindAsync(
        long leadId,
        long id,
        LeadReach reach,
        CancellationToken cancellationToken
    ) =>
        (
            await database.QuerySingleOrDefaultAsync<Row>(
                $"SELECT {Columns}, {More} {Joined} WHERE e.lead_id = @leadId AND e.id = @id AND {ReachSql.ConditionOf(reach)}",
                ReachSql.Parameters(reach, new { leadId, id }),
                cancellationToken
            )
        )?.ToRecord();

    public async Task<IReadOnlyDictionary<(long LeadId, long Id), string>> StampsAsync(
        IReadOnlyCollection<(long LeadId, long Id)> enrollments,
        CancellationToken cancellationToken
    ) =>
        (
            await database.QueryAsync<(long LeadId, long Id, string Stamp)>(
                StampsSql,
                new
                {
                    leads = enrollments.Select(enrollment => enrollment.LeadId).ToArray(),
                    ids = enrollments.Select(enrollment => enrollment.Id).ToArray(),
                },
                cancellationToken
            )
        ).ToDictionary(row => (row.LeadId, row.Id), row => row.Stamp);

    public async Task<IReadOnlyList<StepEntry>> EntriesAsync(
        long leadId,
        long id,
        CancellationToken cancellationToken
    ) => await database.QueryAsync<StepEntry>(EntriesSql, new { leadId, id }, cancellationToken);

    private sealed record Row
    {
        public long LeadId { get; init; }
        public long Id { get; init; }
        public string Track { get; init; } = "";
        public int VersionId { get; init; }
        public int Version { get; init; }
        public short State { get; init; }
        public DateTimeOffset EnteredAt { get; init; }
        public DateTimeOffset? EndedAt { get; init; }
        public DateTimeOffset? DueAt { get; init; }
        public string? Code { get; init; }
        public string? Argument { get; init; }
        public byte[] Tokens { get; init; } = [];
        public string[]? HeldBy { get; init; }
        public DateTimeOffset? ChangedAt { get; init; }
        public int Coming { get; init; }

        public EnrollmentRecord ToRecord() =>
            new()
            {
                LeadId = LeadId,
                Id = Id,
                Track = Track,
                VersionId = VersionId,
                Version = Version,
                State = (EnrollmentState)State,
                EnteredAt = EnteredAt,
                EndedAt = EndedAt,
                DueAt = DueAt,
                Code = Code,
                Argument = Argument,
                HeldBy = HeldBy ?? [],
                ChangedAt = ChangedAt,
                Coming = Coming,
                Standing = new StandingRow { Tokens = Tokens }.ReadStanding() ?? Standing.Over,
            };
    }
}
