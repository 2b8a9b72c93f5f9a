using System.CommandLine;
using NurtureEngine.Core.Intake.Imports;
using NurtureEngine.Host.Facts;
using NurtureEngine.Host.Imports;
using NurtureEngine.Host.Rulebooks;
using NurtureEngine.Postgres.Intake;

namespace NurtureEngine.Host.Verbs;

/// <summary><c>import</c>: a file of leads becomes facts; this process takes part in the work until all of it is done.</summary>
internal static class ImportVerb
{
    public static Command Make(IConfiguration configuration)
    {
        var file = new Argument<FileInfo>("file")
        {
            Description = "The leads, as CSV or .xlsx with a row of headings.",
        };
        var preview = new Option<bool>("--preview") { Description = "Say what the file would do, and do nothing." };
        var source = new Option<string>("--source")
        {
            Description = "Whose ids the file has: a CRM by the name of its webhooks.",
            DefaultValueFactory = _ => "import",
        };
        var encoding = new Option<string>("--encoding")
        {
            Description = "How the file is written.",
            DefaultValueFactory = _ => "auto",
        };
        encoding.AcceptOnlyFromAmong([.. FileEncoding.Names]);
        var map = new Option<string[]>("--map")
        {
            HelpName = "heading=column",
            Description = "What a heading means that is not known by itself; '-' passes it over.",
        };
        var others = new Option<string?>("--others")
        {
            HelpName = "pass|fault",
            Description = "What becomes of columns that are not known: passed over, or told as faults.",
        };
        var consent = new Option<string?>("--consent")
        {
            HelpName = "proof",
            Description =
                "By what all of the list have agreed to marketing by e-mail, such as 'trade fair 2026, signed form'.",
        };
        var triggers = new Option<bool>("--start-tracks")
        {
            Description = "Let new leads and stages start tracks, as if a CRM had told of them.",
        };
        var command = new Command("import", "Bring in leads from a file; prints what became of its rows.")
        {
            file,
            preview,
            source,
            encoding,
            map,
            others,
            consent,
            triggers,
        };
        command.SetAction(
            async (result, cancellationToken) =>
            {
                var path = result.GetRequiredValue(file);
                if (!path.Exists)
                {
                    throw new UsageException($"There is no file {path.FullName}.");
                }

                var options = new ImportOptions(
                    ImportRequest.Source(result.GetRequiredValue(source)),
                    TimeProvider.System.GetUtcNow()
                )
                {
                    Map = ImportRequest.Map(result.GetValue(map) ?? []),
                    ConsentProof = result.GetValue(consent),
                    StartsTracks = result.GetValue(triggers),
                    PassesOthers = ImportRequest.PassesOthers(result.GetValue(others)),
                };
                await using var database = await VerbSettings.Read(configuration).OpenDatabaseAsync(cancellationToken);
                var services = new ServiceCollection().AddSingleton(configuration).AddLogging();
                NurtureApplication.AddServices(services, database);
                await using var provider = services.BuildServiceProvider();
                var csv = new CsvFile(path.FullName, result.GetRequiredValue(encoding));
                return result.GetValue(preview)
                    ? await PreviewAsync(provider, csv, options, cancellationToken)
                    : await RunAsync(provider, csv, options, path.Name, cancellationToken);
            }
        );
        return command;
    }

    private static async Task<int> PreviewAsync(
        IServiceProvider services,
        CsvFile file,
        ImportOptions options,
        CancellationToken cancellationToken
    )
    {
        var rulebook = services.GetRequiredService<CurrentRulebook>();
        await rulebook.RefreshAsync(cancellationToken);
        var seen = await CsvImport.PreviewAsync(file, options, rulebook.Value, cancellationToken);
        if (seen.Encoding is not null)
        {
            await Console.Out.WriteLineAsync($"read as {seen.Encoding}: {seen.Why}");
        }

        foreach (var (heading, column) in seen.Columns)
        {
            await Console.Out.WriteLineAsync($"{heading} -> {column ?? "(passed over)"}");
        }

        foreach (var lead in seen.First)
        {
            await Console.Out.WriteLineAsync(
                $"line {lead.Line}: {lead.Key} {string.Join(", ", lead.Fields.Select(field => $"{field.Key}={field.Value}"))}"
            );
        }

        return await FaultsAsync(seen.Faults)
            ?? await SayAsync($"{seen.Rows} rows, none of them faulty; nothing was stored.");
    }

    private static async Task<int> RunAsync(
        IServiceProvider services,
        CsvFile file,
        ImportOptions options,
        string name,
        CancellationToken cancellationToken
    )
    {
        var rulebook = services.GetRequiredService<CurrentRulebook>();
        await rulebook.RefreshAsync(cancellationToken);
        var import = new NewImport(Guid.CreateVersion7(), options.Source, name, "the verb import");
        var store = services.GetRequiredService<ImportStore>();
        var csv = new CsvImport(store);
        var found = await csv.AddAsync(import, file, options, rulebook.Value, options.At, cancellationToken);
        if (await FaultsAsync(found) is { } faulty)
        {
            return faulty;
        }

        await Console.Error.WriteLineAsync($"Import {import.Id}");
        var worker = services.GetRequiredService<FactsWorker>();
        var shown = TimeSpan.FromSeconds(-2);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (true)
        {
            var worked = await worker.RunTurnAsync(cancellationToken);
            await store.FinishAsync(import.Id, TimeProvider.System.GetUtcNow(), cancellationToken);
            var counts = (await store.FindAsync(import.Id, cancellationToken))!;
            if (counts.State != "applying")
            {
                var faults = await store.FaultsAsync(import.Id, 0, CsvImport.MostFaults, cancellationToken);
                foreach (var fault in faults)
                {
                    await Console.Error.WriteLineAsync($"line {fault.Line}: {fault.Code} {fault.Argument}".TrimEnd());
                }

                await Console.Out.WriteLineAsync(
                    $"{counts.State}: {counts.Created} created, {counts.Changed} changed, {counts.Unchanged} unchanged, {counts.Refused} refused"
                );
                return counts.Refused > 0 || counts.State != "done" ? 1 : 0;
            }

            if (clock.Elapsed - shown > TimeSpan.FromSeconds(1))
            {
                shown = clock.Elapsed;
                await Console.Error.WriteLineAsync($"{counts.Rows - counts.Waiting} of {counts.Rows}");
            }

            if (!worked)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), cancellationToken);
            }
        }
    }

    private static async Task<int?> FaultsAsync(IReadOnlyList<Core.Diagnostics.Diagnostic> faults)
    {
        foreach (var fault in faults)
        {
            await Console.Error.WriteLineAsync($"{fault}");
        }

        if (faults.Count == 0)
        {
            return null;
        }

        await Console.Error.WriteLineAsync(
            faults.Count >= CsvImport.MostFaults
                ? $"{faults.Count} faults, and perhaps more; nothing was stored."
                : $"{faults.Count} faults; nothing was stored."
        );
        return 1;
    }

    private static async Task<int> SayAsync(string sentence)
    {
        await Console.Out.WriteLineAsync(sentence);
        return 0;
    }
}
