using System.Diagnostics;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using NurtureEngine.Benchmarks.Measuring;
using NurtureEngine.Core.Reports;
using NurtureEngine.Core.Tracks;
using NurtureEngine.Core.Tracks.Running;
using NurtureEngine.Postgres.Tracks;

namespace NurtureEngine.Benchmarks.Tracks;

/// <summary>
/// A hundred thousand enrollments wait in one version and as many have left it: how long people wait for the counts of its steps, the leads at a
/// step where hardly any lead stands, the list of enrollments, and one enrollment with its journal. The figure is the 95th percentile of the
/// slowest of them. The reference is a bare count of the version's enrollments by state.
/// </summary>
internal static class FlowBenchmark
{
    private const int Waiting = 100_000;
    private const int Rounds = 40;

    // One in a thousand stands at the second e-mail; every other one has left.
    private const string SpreadSql = """
        UPDATE enrollment SET tokens = @rare WHERE lead_id % 1000 = 0;
        INSERT INTO enrollment (lead_id, track_id, track_version_id, state, entered_at, ended_at, tokens, code)
        SELECT lead_id, track_id, track_version_id, 2, entered_at, entered_at, '', 'stage.advanced' FROM enrollment;
        INSERT INTO ledger (recorded_at, lead_id, enrollment_id, step, code, rulebook)
        SELECT e.entered_at + n * interval '1 hour', e.lead_id, e.id, (ARRAY['becomes-mql', 'hello', 'pause'])[n], 'step.entered', 1
          FROM enrollment e CROSS JOIN generate_series(1, 3) AS n WHERE e.state = 0;
        INSERT INTO step_tally (track_version_id, entered_on, step, entered, passed, is_folded)
        SELECT @version, current_date + d, s.step, 600, 300, true
          FROM generate_series(0, 364) AS d CROSS JOIN unnest(ARRAY['becomes-mql', 'hello', 'pause', 'value', 'end']) AS s (step);
        """;

    public static async Task<Result> RunAsync()
    {
        await using var field = await Field.OpenAsync();
        await field.PopulateAsync(Waiting);
        await using var connection = await field.Database.OpenConnectionAsync();
        var rare = TokenCodec.Write(
            Standing.At(new StepId("welcome-flow"), new StepId("becomes-mql")) with
            {
                Tokens = [new Token(new StepId("value"), 1, DateTimeOffset.UtcNow.AddDays(2), null)],
            }
        );
        await connection.ExecuteAsync(SpreadSql, new { rare, version = field.Version }, commandTimeout: 0);
        await connection.ExecuteAsync("VACUUM ANALYZE", commandTimeout: 0);

        var figures = field.Services.GetRequiredService<StepFigures>();
        var records = field.Services.GetRequiredService<EnrollmentRecords>();
        var version = (await figures.FindVersionAsync("welcome", null, CancellationToken.None))!;
        var query = new StepQuery
        {
            DefinitionId = "welcome",
            Number = version.Number,
            Steps = ["value"],
        };
        var (leadId, id) = await connection.QuerySingleAsync<(long, long)>(
            "SELECT lead_id, id FROM enrollment WHERE state = 0 ORDER BY lead_id OFFSET 50000 LIMIT 1"
        );
        var times = new Dictionary<string, double>
        {
            ["counts"] = await TimeAsync(() => figures.ReadAsync(version, null, null, CancellationToken.None)),
            ["leads at a step"] = await TimeAsync(() =>
                figures.LeadsAsync(version, query, LeadReach.All, CancellationToken.None)
            ),
            ["list"] = await TimeAsync(() =>
                records.ListAsync(
                    new EnrollmentFilter { Tracks = ["welcome"], Skip = 5_000 },
                    LeadReach.All,
                    CancellationToken.None
                )
            ),
            ["viewer"] = await TimeAsync(async () =>
            {
                await records.FindAsync(leadId, id, LeadReach.All, CancellationToken.None);
                await records.EntriesAsync(leadId, id, CancellationToken.None);
            }),
        };
        foreach (var (name, time) in times)
        {
            Console.WriteLine($"{name}: 95 of 100 within {time:F1} ms");
        }

        var bare = await TimeAsync(() =>
            connection.QueryAsync(
                "SELECT state, count(*) FROM enrollment WHERE track_version_id = @Version GROUP BY state",
                new { field.Version }
            )
        );
        return new Result("flow", times.Values.Max(), "ms (p95 of the slowest)", bare);
    }

    private static async Task<double> TimeAsync(Func<Task> read)
    {
        var times = new List<double>();
        for (var round = 0; round < Rounds + 5; round++)
        {
            var since = Stopwatch.GetTimestamp();
            await read();
            // The first ones compile.
            if (round >= 5)
            {
                times.Add(Stopwatch.GetElapsedTime(since).TotalMilliseconds);
            }
        }

        times.Sort();
        return times[(int)Math.Ceiling(times.Count * 0.95) - 1];
    }
}
