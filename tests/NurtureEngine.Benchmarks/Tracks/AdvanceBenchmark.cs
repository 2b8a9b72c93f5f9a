using System.Diagnostics;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using NurtureEngine.Benchmarks.Measuring;
using NurtureEngine.Host.Tracks;

namespace NurtureEngine.Benchmarks.Tracks;

/// <summary>
/// A million leads wait, and a hundred thousand fall due: how many are advanced a second by two workers, ledger and touches
/// written. The bare loop does the same without a rule. <c>memory</c> is what a waiting enrollment takes after ten rounds.
/// </summary>
internal static class AdvanceBenchmark
{
    private const int Waiting = 1_000_000;
    private const int DueOneIn = 10;
    private const int Rounds = 10;
    private static readonly int[] Batches = [200, 500, 2_000];

    public static async Task<Result> RunAsync(bool measuresMemory)
    {
        await using var field = await Field.OpenAsync();
        var clock = Stopwatch.StartNew();
        await field.PopulateAsync(Waiting);
        Console.WriteLine($"{Waiting:N0} leads wait (made in {clock.Elapsed.TotalSeconds:0} s)");
        var figures = new List<double>();
        for (var round = 1; round <= Rounds; round++)
        {
            figures.Add(await RoundAsync(field, round, () => DrainAsync(field), $"round {round}"));
        }

        var bytes = await BytesEachAsync(field);
        Console.WriteLine($"a waiting enrollment takes {bytes:N0} bytes with its indexes");
        if (measuresMemory)
        {
            return new Result("memory", bytes, "bytes/enrollment", 400);
        }

        await using var connection = await field.Database.OpenConnectionAsync();
        var content = await connection.QuerySingleAsync<int>("SELECT min(id) FROM content_version");
        var raw = 0d;
        foreach (var batch in Batches)
        {
            raw = Math.Max(
                raw,
                await RoundAsync(
                    field,
                    batch,
                    () => new BareLoop(field, batch).DrainAsync(content),
                    $"bare, batches of {batch}"
                )
            );
        }

        var last = await RoundAsync(field, Rounds + 1, () => DrainAsync(field), "after those");
        return new Result("advance", Math.Round((figures[^1] + last) / 2), "enrollments/s", Math.Round(raw));
    }

    private static async Task<double> RoundAsync(Field field, int round, Func<Task> drain, string name)
    {
        await field.ResetAsync();
        var due = await field.MakeDueAsync(DueOneIn, round);
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Task.Run(drain), Task.Run(drain));
        var each = due / clock.Elapsed.TotalSeconds;
        await using var connection = await field.Database.OpenConnectionAsync();
        var done = await connection.QuerySingleAsync<long>("SELECT count(*) FROM touch");
        if (done != due)
        {
            throw new InvalidDataException($"{done} of {due} were advanced.");
        }

        Console.WriteLine($"{name, -24} {due:N0} in {clock.Elapsed.TotalSeconds:0.0} s: {each:N0}/s");
        return each;
    }

    private static async Task DrainAsync(Field field)
    {
        var worker = field.Services.GetRequiredService<AdvanceWorker>();
        while (await worker.RunTurnAsync(CancellationToken.None)) { }
    }

    private static async Task<double> BytesEachAsync(Field field)
    {
        await using var connection = await field.Database.OpenConnectionAsync();
        return await connection.QuerySingleAsync<double>(
            "SELECT pg_total_relation_size('enrollment')::float8 / (SELECT count(*) FROM enrollment)"
        );
    }
}
