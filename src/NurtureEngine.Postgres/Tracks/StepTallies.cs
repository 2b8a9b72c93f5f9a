using Npgsql;
using NurtureEngine.Core.Tracks.Watching;

namespace NurtureEngine.Postgres.Tracks;

/// <summary>Counts how often steps are entered and passed.</summary>
public sealed class StepTallies(NpgsqlDataSource database)
{
    private const string AddSql = """
        INSERT INTO step_tally (track_version_id, entered_on, step, entered, passed)
        SELECT * FROM unnest(@versions, @days, @steps, @entered, @passed)
        """;

    // Readers see the rows before or after, never both: it is one statement. One host at a time, since two could fold the same key.
    private const string FoldSql = """
        WITH mine AS MATERIALIZED (SELECT pg_try_advisory_xact_lock(@lock) AS is_mine),
             gone AS (
                DELETE FROM step_tally
                 WHERE ctid = ANY (ARRAY(SELECT ctid FROM step_tally WHERE NOT is_folded AND (SELECT is_mine FROM mine) LIMIT @limit))
                RETURNING track_version_id, entered_on, step, entered, passed),
             folded AS (
                INSERT INTO step_tally (track_version_id, entered_on, step, entered, passed, is_folded)
                SELECT track_version_id, entered_on, step, sum(entered), sum(passed), true
                  FROM gone
                 GROUP BY track_version_id, entered_on, step
                ON CONFLICT (track_version_id, entered_on, step) WHERE is_folded
                DO UPDATE SET entered = step_tally.entered + excluded.entered, passed = step_tally.passed + excluded.passed)
        SELECT count(*)::int FROM gone
        """;

    private const long FoldLock = 0x4E5554414C4C59;
    private const int FoldedAtOnce = 20_000;

    /// <summary>Folds what was counted since into one row for each step and day; true if there may be more.</summary>
    public async Task<bool> FoldAsync(CancellationToken cancellationToken) =>
        (await database.QueryAsync<int>(FoldSql, new { @lock = FoldLock, limit = FoldedAtOnce }, cancellationToken))
            is [FoldedAtOnce];

    /// <summary>Adds to the counts, in the transaction of what is counted.</summary>
    internal static Task AddAsync(
        NpgsqlTransaction transaction,
        IEnumerable<(int Version, DateTimeOffset EnteredAt, StepCount Count)> counts,
        CancellationToken cancellationToken
    )
    {
        var sums = new Dictionary<(int Version, DateOnly Day, string Step), (long Entered, long Passed)>();
        foreach (var (version, enteredAt, count) in counts)
        {
            var key = (version, DateOnly.FromDateTime(enteredAt.UtcDateTime), count.Step.Value);
            var (entered, passed) = sums.GetValueOrDefault(key);
            sums[key] = (entered + count.Entered, passed + count.Passed);
        }

        var rows = sums.Where(sum => sum.Value != default).ToList();
        return rows.Count == 0
            ? Task.CompletedTask
            : transaction.ExecuteAsync(
                AddSql,
                new
                {
                    versions = rows.ToArray(row => row.Key.Version),
                    days = rows.ToArray(row => row.Key.Day),
                    steps = rows.ToArray(row => row.Key.Step),
                    entered = rows.ToArray(row => row.Value.Entered),
                    passed = rows.ToArray(row => row.Value.Passed),
                },
                cancellationToken
            );
    }
}
