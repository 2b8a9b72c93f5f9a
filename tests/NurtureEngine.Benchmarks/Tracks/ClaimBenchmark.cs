using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using NurtureEngine.Benchmarks.Measuring;
using NurtureEngine.Host.Tracks;
using NurtureEngine.Postgres.Tracks;

namespace NurtureEngine.Benchmarks.Tracks;

/// <summary>How long a claim of 500 takes while ten thousand, a million and five million wait; the raw reference is the first.</summary>
internal static class ClaimBenchmark
{
    private const int Batch = 500;
    private const int Looks = 201;

    public static async Task<Result> RunAsync()
    {
        var few = await MeasureAsync(10_000, copies: 0);
        var many = await MeasureAsync(1_000_000, copies: 0);
        var most = await MeasureAsync(1_000_000, copies: 4);
        Console.WriteLine(
            $"p50 of a claim of {Batch}: {few:0.00} ms at 10 k, {many:0.00} ms at 1 M, {most:0.00} ms at 5 M waiting"
        );
        return new Result("claim", Math.Round(most, 3), "ms", Math.Round(few, 3));
    }

    private static async Task<double> MeasureAsync(int leads, int copies)
    {
        await using var field = await Field.OpenAsync();
        await field.PopulateAsync(leads);
        for (var copy = 1; copy <= copies; copy++)
        {
            await field.PopulateCopyAsync($"copy-{copy}");
        }

        await field.MakeDueAsync(leads / (2 * Batch), round: 1);
        var catalog = field.Services.GetRequiredService<TrackCatalog>();
        await catalog.RefreshAsync(always: true, CancellationToken.None);
        var store = field.Services.GetRequiredService<EnrollmentStore>();
        var times = new List<double>();
        for (var look = 0; look < Looks; look++)
        {
            var clock = Stopwatch.StartNew();
            await using var due = await store.TakeDueAsync(
                DateTimeOffset.UtcNow,
                catalog.Runnable,
                Batch,
                CancellationToken.None
            );
            if (due?.Rows.Count != Batch)
            {
                throw new InvalidDataException("The claim did not get what is due.");
            }

            times.Add(clock.Elapsed.TotalMilliseconds);
        }

        return times.Order().ElementAt(Looks / 2);
    }
}
