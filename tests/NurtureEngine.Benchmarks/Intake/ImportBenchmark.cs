using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using NurtureEngine.Benchmarks.Measuring;
using NurtureEngine.Benchmarks.Tracks;
using NurtureEngine.Core.Intake.Imports;
using NurtureEngine.Host.Facts;
using NurtureEngine.Host.Imports;
using NurtureEngine.Host.Rulebooks;
using NurtureEngine.Postgres.Intake;

namespace NurtureEngine.Benchmarks.Intake;

/// <summary>
/// A file of a million leads, of a hundred thousand companies, from the first byte read to the last lead known. The reference is the bare
/// upsert of as many rows of three columns, by two workers in batches of five hundred.
/// </summary>
internal static class ImportBenchmark
{
    private const int Rows = 1_000_000;

    public static async Task<Result> RunAsync()
    {
        var file = Path.Combine(Path.GetTempPath(), $"import-{Guid.NewGuid():N}.csv");
        await using var field = await Field.OpenAsync();
        try
        {
            await WriteAsync(file);
            var rulebook = field.Services.GetRequiredService<CurrentRulebook>();
            await rulebook.RefreshAsync(CancellationToken.None);
            var store = field.Services.GetRequiredService<ImportStore>();
            var import = new NewImport(Guid.CreateVersion7(), "crm", "leads.csv", "benchmark");
            var now = DateTimeOffset.UtcNow;
            var clock = Stopwatch.StartNew();
            var faults = await new CsvImport(store).AddAsync(
                import,
                new CsvFile(file, "auto"),
                new ImportOptions("crm", now) { ConsentProof = "benchmark" },
                rulebook.Value,
                now,
                CancellationToken.None
            );
            Console.WriteLine(
                $"read, checked and stored after {clock.Elapsed.TotalSeconds:0.0} s, {faults.Count} faults"
            );
            var worker = field.Services.GetRequiredService<FactsWorker>();
            while (await worker.RunTurnAsync(CancellationToken.None)) { }
            var took = clock.Elapsed.TotalSeconds;
            var done = (await store.FindAsync(import.Id, CancellationToken.None))!;
            Console.WriteLine($"{done.State}: {done.Created:N0} created after {took:0.0} s: {Rows / took:N0}/s");
            if (done.Created != Rows)
            {
                throw new InvalidDataException($"{done.Created} of {Rows} rows became leads.");
            }

            clock.Restart();
            await new BareUpsert(field.Database).RunAsync(Rows);
            Console.WriteLine($"bare upsert: {Rows / clock.Elapsed.TotalSeconds:N0}/s");
            return new Result(
                "import",
                Math.Round(Rows / took),
                "rows/s",
                Math.Round(Rows / clock.Elapsed.TotalSeconds)
            );
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task WriteAsync(string file)
    {
        await using var text = new StreamWriter(file);
        await text.WriteLineAsync(
            "external_id,email,name,phone,title,country,language,company_id,company,industry,size,custom.plan"
        );
        for (var i = 0; i < Rows; i++)
        {
            await text.WriteLineAsync(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"L{i},lead-{i}@company-{i / 10}.example,Ann Lee {i},+49 30 {1_000_000 + i},Head of Operations,Germany,de,C{i / 10},Company {i / 10},Machinery,120,pro"
                )
            );
        }
    }
}
