using System.CommandLine;
using NurtureEngine.Host.Storage;

namespace NurtureEngine.Host.Verbs;

/// <summary><c>migrate</c>: brings the schema up to date and ends.</summary>
internal static class MigrateVerb
{
    public static Command Make(IConfiguration configuration)
    {
        var command = new Command("migrate", "Bring the database's schema up to date, and end. Serving does so too.");
        command.SetAction(
            async (_, cancellationToken) =>
            {
                var settings = VerbSettings.Read(configuration);
                await using var database = await NurtureDatabase.OpenAsync(
                    configuration.GetConnectionString("Nurture"),
                    settings.Options.DataFolder,
                    Console.Error.WriteLine,
                    cancellationToken
                );
                var applied = await database.MigrateAsync(cancellationToken);
                await Console.Out.WriteLineAsync(
                    applied == 0
                        ? "The schema is up to date."
                        : $"{applied} migration(s) applied; the schema is up to date."
                );
                return 0;
            }
        );
        return command;
    }
}
