using System.Diagnostics;

namespace NurtureEngine.Benchmarks.Measuring;

/// <summary>How often an operation runs per second on one core, and what it allocates each time.</summary>
internal sealed record Throughput(double PerSecond, double BytesEach)
{
    private const int Rounds = 9;
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(0.5);

    /// <summary>
    /// Measures two operations in turns, so that a noisy neighbour meets both; each figure is the median of its rounds. The
    /// first rounds warm up the compiler and do not count.
    /// </summary>
    public static (Throughput Measured, Throughput Raw) Of(Action operation, Action raw)
    {
        var (measured, reference) = (new List<Throughput>(), new List<Throughput>());
        for (var i = -3; i < Rounds; i++)
        {
            var (one, other) = (OneRound(operation), OneRound(raw));
            if (i >= 0)
            {
                measured.Add(one);
                reference.Add(other);
            }
        }

        return (Median(measured), Median(reference));
    }

    public string Shown => $"{PerSecond:N0}/s on one core, {BytesEach:N0} bytes allocated each";

    private static Throughput OneRound(Action operation)
    {
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var clock = Stopwatch.StartNew();
        long count = 0;
        while (clock.Elapsed < Round)
        {
            for (var i = 0; i < 100; i++)
            {
                operation();
            }

            count += 100;
        }

        var bytes = GC.GetAllocatedBytesForCurrentThread() - allocated;
        return new Throughput(count / clock.Elapsed.TotalSeconds, (double)bytes / count);
    }

    private static Throughput Median(List<Throughput> rounds) =>
        rounds.OrderBy(round => round.PerSecond).ElementAt(rounds.Count / 2);
}
