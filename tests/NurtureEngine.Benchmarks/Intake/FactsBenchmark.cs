using System.Diagnostics;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using NurtureEngine.Benchmarks.Measuring;
using NurtureEngine.Benchmarks.Tracks;
using NurtureEngine.Host.Facts;

namespace NurtureEngine.Benchmarks.Intake;

/// <summary>
/// A hundred thousand events of fifty thousand leads, half of them known: what they did (six of ten), new facts (two), their creation
/// (two). The reference writes a timeline entry for each and touches lead and inbox row, in batches of five hundred, and decides nothing.
/// </summary>
internal static class FactsBenchmark
{
    private const int Leads = 50_000;
    private const int Rounds = 3;

    private const string EventsSql = """
        INSERT INTO inbox (source, event_id, lane, type, received_at, body)
        SELECT 'crm', @round || '-' || i, lane, type, now(),
               convert_to(json_build_object('type', type, 'timestamp', to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'data', json_build_object(
                   'lead', json_build_object('externalId', lead, 'email', lead || '@example.com', 'name', 'Ann Lee', 'title', 'Title ' || i,
                       'consent', CASE type WHEN 'lead.created' THEN json_build_array(json_build_object('channel', 'email', 'granted', true)) END),
                   'activity', json_build_object('name', '/page/' || i % 100)))::text, 'UTF8')
          FROM (SELECT i, lead, abs(hashtext(lead)) % 64 AS lane,
                       CASE WHEN i % 10 < 6 THEN 'activity.page_visited' WHEN i % 10 < 8 THEN 'lead.updated' ELSE 'lead.created' END AS type
                  FROM (SELECT i, CASE WHEN i % 10 < 8 THEN 'known-' || (i * 7919) % (@leads / 2) ELSE @round || '-new-' || i END AS lead
                          FROM generate_series(1, @leads * 2) AS i) AS numbered) AS event
         ORDER BY i
        """;

    public static async Task<Result> RunAsync()
    {
        await using var field = await Field.OpenAsync();
        await using var connection = await field.Database.OpenConnectionAsync();
        var worker = field.Services.GetRequiredService<FactsWorker>();
        var (figures, raw) = (new List<double>(), new List<double>());
        for (var round = 0; round <= Rounds; round++)
        {
            await FillAsync(round * 2);
            figures.Add(await TimeAsync("facts", () => DrainAsync(worker)));
            await FillAsync(round * 2 + 1);
            raw.Add(await TimeAsync("bare batches", () => new BareFacts(field).DrainAsync()));
        }

        return new Result("facts", Median(figures), "events/s", Median(raw));

        async Task FillAsync(int round)
        {
            await connection.ExecuteAsync(EventsSql, new { round = $"{round}", leads = Leads }, commandTimeout: 0);
            await connection.ExecuteAsync("VACUUM ANALYZE", commandTimeout: 0);
        }
    }

    // The first round warms the compiler up.
    internal static double Median(List<double> figures) =>
        Math.Round(figures.Skip(1).Order().ElementAt((figures.Count - 1) / 2));

    private static async Task<double> TimeAsync(string name, Func<Task> drain)
    {
        using var own = Process.GetCurrentProcess();
        var before = own.TotalProcessorTime;
        var clock = Stopwatch.StartNew();
        await drain();
        var took = clock.Elapsed.TotalSeconds;
        own.Refresh();
        Console.WriteLine(
            $"{name}: {Leads * 2:N0} events in {took:0.0} s: {Leads * 2 / took:N0}/s; {(own.TotalProcessorTime - before).TotalSeconds:0.0} s of processor time in the host"
        );
        return Leads * 2 / took;
    }

    private static async Task DrainAsync(FactsWorker worker)
    {
        while (await worker.RunTurnAsync(CancellationToken.None)) { }
    }
}
