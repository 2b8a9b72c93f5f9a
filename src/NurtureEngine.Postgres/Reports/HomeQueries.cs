using Dapper;
using Npgsql;
using NurtureEngine.Core.Reports;

namespace NurtureEngine.Postgres.Reports;

/// <inheritdoc cref="IHomeQueries" />
public sealed class HomeQueries(NpgsqlDataSource database) : IHomeQueries
{
    private const int Bound = 10_000;

    // Each over an index of what waits, up to a bound.
    private const string CountsSql = """
        SELECT (SELECT count(*) FROM (SELECT FROM touch WHERE state = 'awaiting_approval' LIMIT @Bound) AS w)::int AS awaiting_approval,
               (SELECT count(*) FROM (SELECT FROM touch WHERE state = 'uncertain' LIMIT @Bound) AS w)::int AS uncertain,
               (SELECT count(*) FROM (SELECT FROM inbox WHERE state = 'dead' LIMIT @Bound) AS w)::int AS dead_letters,
               (SELECT count(*) FROM (SELECT FROM enrollment WHERE state = 3 LIMIT @Bound) AS w)::int AS parked,
               (SELECT count(*) FROM (SELECT FROM touch WHERE state = 'rejected' LIMIT @Bound) AS w)::int AS rejected,
               (SELECT count(*) FROM (SELECT FROM outbox WHERE state = 'dead' LIMIT @Bound) AS w)::int AS undelivered
        """;

    private const string StoppedSql = "SELECT channel FROM sending_stop ORDER BY channel";

    // The rows of the slots are few, whatever the number of touches; those are counted in the slots that are shown alone.
    private const string SlotsSql = """
        SELECT s.slot_at AS at, s.channel,
               (SELECT count(*) FROM (
                   SELECT FROM touch
                    WHERE state = 'planned' AND touch.channel = s.channel AND due_at >= s.slot_at AND due_at < s.slot_at + interval '1 minute'
                    LIMIT @Bound) AS w) AS touches
          FROM (SELECT slot_at, channel FROM send_slot WHERE slot_at <= @until ORDER BY slot_at, channel LIMIT 12) AS s
         ORDER BY s.slot_at, s.channel
        """;

    private const string DueSql = """
        SELECT known.channel,
               (SELECT count(*) FROM (
                   SELECT FROM touch WHERE state = 'planned' AND touch.channel = known.channel AND due_at < @until LIMIT @Bound) AS w) AS count
          FROM unnest(@channels) AS known (channel)
        """;

    /// <summary>Touches that are due before an instant of business time, by channel; counted up to 10,000.</summary>
    public async Task<IReadOnlyDictionary<string, long>> DueAsync(
        string[] channels,
        DateTimeOffset until,
        CancellationToken cancellationToken
    ) =>
        (
            await database.QueryAsync<(string Channel, long Count)>(
                DueSql,
                new
                {
                    channels,
                    until,
                    Bound,
                },
                cancellationToken
            )
        ).ToDictionary(row => row.Channel, row => row.Count, StringComparer.Ordinal);

    public async Task<HomeView> ReadAsync(DateTimeOffset until, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var answers = await connection.QueryMultipleAsync(
            new CommandDefinition(
                $"{CountsSql}; {StoppedSql}; {SlotsSql}",
                new { Bound, until },
                cancellationToken: cancellationToken
            )
        );
        var counts = await answers.ReadSingleAsync<HomeView>();
        return counts with
        {
            Stopped = (await answers.ReadAsync<string>()).AsList(),
            Slots =
            [
                .. (await answers.ReadAsync<(DateTimeOffset At, string Channel, long Touches)>()).Select(
                    row => new HomeSlot(row.At, row.Channel, row.Touches)
                ),
            ],
        };
    }
}
