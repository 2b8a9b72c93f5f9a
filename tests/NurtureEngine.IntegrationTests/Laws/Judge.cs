using Dapper;
using Npgsql;
using NurtureEngine.Core.Touches;
using NurtureEngine.IntegrationTests.Infrastructure;

namespace NurtureEngine.IntegrationTests.Laws;

/// <summary>
/// Shows each message to the model the moment it leaves, by whatever channel. While one may be on its way nobody changes what the model knows: changes
/// wait until every session is closed.
/// </summary>
internal sealed class Judge(GateModel model, NpgsqlDataSource database, TestClock clock, Random random)
{
    private const int MostSessions = 64;

    // Written from the law's words, not from the engine's statement.
    private const string FindSql = """
        SELECT t.id, t.lead_id AS lead, e.track_id AS track, t.channel, c.key, e.state IN (0, 3, 4) AS is_enrolled, tr.definition_id AS definition,
               EXISTS (SELECT FROM urgent u WHERE u.priority > t.priority AND (u.lead_id = t.lead_id OR EXISTS (
                   SELECT FROM lead_address a JOIN lead_address b USING (channel, address) WHERE a.lead_id = t.lead_id AND b.lead_id = u.lead_id)))
                   AS is_behind_of_lead,
               EXISTS (SELECT FROM urgent u JOIN lead ul ON ul.id = u.lead_id JOIN lead l ON l.id = t.lead_id
                        WHERE u.priority > t.priority AND ul.account_id = l.account_id) AS is_behind_of_account
          FROM touch t
          JOIN enrollment e ON e.lead_id = t.lead_id AND e.id = t.enrollment_id
          JOIN track tr ON tr.id = e.track_id
          JOIN content_version c ON c.id = t.content_version_id
         WHERE t.id = ANY(@ids)
        """;

    // What has been due for ten minutes may be claimed the very moment after the gate has passed it over.
    private const string UrgentSql = """
        WITH urgent AS MATERIALIZED (
            SELECT lead_id, priority
              FROM touch
             WHERE (state IN ('planned', 'claimed') OR state = 'deferred' AND code = 'priority.behind') AND due_at <= @now AND due_at >= @now - interval '10 minutes'
               AND channel NOT IN (SELECT channel FROM sending_stop))
        """;

    private readonly SemaphoreSlim _sessions = new(MostSessions);
    private readonly SemaphoreSlim _one = new(1);
    private readonly Lock _model = new();

    public Task OpenAsync(CancellationToken cancellationToken) => _sessions.WaitAsync(cancellationToken);

    public void Close() => _sessions.Release();

    /// <summary>Changes something while no message is on its way.</summary>
    public async Task WhileNothingLeavesAsync(Func<Task> change)
    {
        await _one.WaitAsync();
        try
        {
            for (var i = 0; i < MostSessions; i++)
            {
                await _sessions.WaitAsync();
            }

            await change();
            _sessions.Release(MostSessions);
        }
        finally
        {
            _one.Release();
        }
    }

    public async Task<IReadOnlyList<DeliveryResult>> DeliverAsync(IReadOnlyList<Guid> touches)
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = (
            await connection.QueryAsync<Row>(
                UrgentSql + FindSql,
                new { ids = touches.ToArray(), now = clock.GetUtcNow() }
            )
        ).ToDictionary(row => row.Id);
        lock (_model)
        {
            return [.. touches.Select(touch => Leave(rows[touch]))];
        }
    }

    private DeliveryResult Leave(Row row)
    {
        var outcome = random.Next(10) switch
        {
            0 => Outcome.Rejected,
            1 => Outcome.Deferred,
            2 => Outcome.Uncertain,
            _ => Outcome.Accepted,
        };
        model.Leave(
            new Departure(
                row.Id,
                row.Lead,
                row.Track,
                row.Channel,
                row.Key,
                row.Definition == "strict",
                row.IsEnrolled,
                row.IsBehindOfLead,
                row.IsBehindOfAccount,
                clock.GetUtcNow(),
                outcome
            )
        );
        return outcome switch
        {
            Outcome.Rejected => new DeliveryResult.Rejected("554 no"),
            Outcome.Deferred => new DeliveryResult.Deferred("451 later", TimeSpan.Zero),
            Outcome.Uncertain => new DeliveryResult.Uncertain("lost"),
            _ => new DeliveryResult.Accepted(),
        };
    }

    private sealed record Row
    {
        public Guid Id { get; init; }
        public long Lead { get; init; }
        public int Track { get; init; }
        public string Channel { get; init; } = "";
        public string Key { get; init; } = "";
        public bool IsEnrolled { get; init; }
        public string Definition { get; init; } = "";
        public bool IsBehindOfLead { get; init; }
        public bool IsBehindOfAccount { get; init; }
    }
}
