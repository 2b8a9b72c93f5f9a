using Dapper;
using Npgsql;
using NurtureEngine.Channels.Email;
using NurtureEngine.Core.Touches;
using NurtureEngine.IntegrationTests.Infrastructure;

namespace NurtureEngine.IntegrationTests.Laws;

/// <summary>
/// Takes messages and shows each to the model at once. While a message may be on its way nobody changes what the model knows: changes
/// wait until every session is closed.
/// </summary>
internal sealed class JudgingTransport(GateModel model, NpgsqlDataSource database, TestClock clock, Random random)
    : IEmailTransport
{
    private const int MostSessions = 64;

    private const string FindSql = """
        SELECT t.id, t.lead_id AS lead, e.track_id AS track, c.key, e.state IN (0, 3, 4) AS is_enrolled, tr.definition_id AS definition
          FROM touch t
          JOIN enrollment e ON e.lead_id = t.lead_id AND e.id = t.enrollment_id
          JOIN track tr ON tr.id = e.track_id
          JOIN content_version c ON c.id = t.content_version_id
         WHERE t.id = ANY(@ids)
        """;

    private readonly SemaphoreSlim _sessions = new(MostSessions);
    private readonly SemaphoreSlim _one = new(1);
    private readonly Lock _model = new();

    public int Sessions => 8;

    public TimeSpan WaitFor(string domain, bool hasPlace) => TimeSpan.Zero;

    public int MostWithin(TimeSpan time) => int.MaxValue;

    public async Task<IEmailSession> OpenAsync(int messages, CancellationToken cancellationToken)
    {
        await _sessions.WaitAsync(cancellationToken);
        return new Session(this);
    }

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

    private async Task<IReadOnlyList<DeliveryResult>> DeliverAsync(IReadOnlyList<EmailEnvelope> envelopes)
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = (
            await connection.QueryAsync<Row>(FindSql, new { ids = envelopes.Select(one => one.Touch.Value).ToArray() })
        ).ToDictionary(row => row.Id);
        lock (_model)
        {
            return
            [
                .. envelopes.Select(envelope =>
                {
                    var row = rows[envelope.Touch.Value];
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
                            row.Key,
                            row.Definition == "strict",
                            row.IsEnrolled,
                            clock.GetUtcNow(),
                            outcome
                        )
                    );
                    return (DeliveryResult)(
                        outcome switch
                        {
                            Outcome.Rejected => new DeliveryResult.Rejected("554 no"),
                            Outcome.Deferred => new DeliveryResult.Deferred("451 later", TimeSpan.Zero),
                            Outcome.Uncertain => new DeliveryResult.Uncertain("lost"),
                            _ => new DeliveryResult.Accepted(),
                        }
                    );
                }),
            ];
        }
    }

    private sealed class Session(JudgingTransport transport) : IEmailSession
    {
        public Task<IReadOnlyList<DeliveryResult>> DeliverAsync(
            IReadOnlyList<EmailEnvelope> envelopes,
            CancellationToken until
        ) => transport.DeliverAsync(envelopes);

        public ValueTask DisposeAsync()
        {
            transport._sessions.Release();
            return ValueTask.CompletedTask;
        }
    }

    private sealed record Row
    {
        public Guid Id { get; init; }
        public long Lead { get; init; }
        public int Track { get; init; }
        public string Key { get; init; } = "";
        public bool IsEnrolled { get; init; }
        public string Definition { get; init; } = "";
    }
}
