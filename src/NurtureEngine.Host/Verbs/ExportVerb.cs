using System.CommandLine;
using System.Text;
using NurtureEngine.Core.Reports;
using NurtureEngine.Host.Imports;
using NurtureEngine.Host.Rulebooks;
using NurtureEngine.Postgres.Leads;

namespace NurtureEngine.Host.Verbs;

/// <summary><c>export</c>: all leads, in the form in which an import reads them.</summary>
internal static class ExportVerb
{
    public static Command Make(IConfiguration configuration)
    {
        var file = new Argument<FileInfo>("file") { Description = "Where to write them, as CSV in UTF-8." };
        var source = new Option<string>("--source")
        {
            Description = "Whose ids the file gets: a CRM by the name of its webhooks.",
            DefaultValueFactory = _ => "import",
        };
        var command = new Command("export", "Write all leads to a CSV file that 'import' reads.") { file, source };
        command.SetAction(
            async (result, cancellationToken) =>
            {
                await using var database = await VerbSettings.Read(configuration).OpenDatabaseAsync(cancellationToken);
                var services = new ServiceCollection().AddSingleton(configuration).AddLogging();
                NurtureApplication.AddServices(services, database);
                await using var provider = services.BuildServiceProvider();
                var rulebook = provider.GetRequiredService<CurrentRulebook>();
                await rulebook.RefreshAsync(cancellationToken);
                // Spreadsheets know UTF-8 by its mark.
                await using var text = new StreamWriter(
                    result.GetRequiredValue(file).FullName,
                    append: false,
                    new UTF8Encoding(encoderShouldEmitUTF8Identifier: true)
                );
                await CsvExport.WriteAsync(
                    provider.GetRequiredService<LeadExport>(),
                    ImportRequest.Source(result.GetRequiredValue(source)),
                    LeadReach.All,
                    rulebook.Value,
                    text,
                    cancellationToken
                );
                return 0;
            }
        );
        return command;
    }
}
