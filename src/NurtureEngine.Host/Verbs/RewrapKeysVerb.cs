using System.CommandLine;
using NurtureEngine.Host.Identity.Keys;
using NurtureEngine.Host.Storage;
using NurtureEngine.Postgres.Settings;

namespace NurtureEngine.Host.Verbs;

/// <summary>Encrypts the keys in the database with another secret. Secrets come from the settings: a command line is seen by others.</summary>
internal static class RewrapKeysVerb
{
    private const string Previous = "Nurture:Keys:Previous";

    public static Command Make(IConfiguration configuration)
    {
        var command = new Command(
            "rewrap-keys",
            "Encrypt the keys of links, cookies and forms in the database with Nurture:Keys:Wrapping; Nurture:Keys:Previous is what they are encrypted with now (absent: nothing). Restart the hosts with the new setting then."
        );
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
                await database.MigrateAsync(cancellationToken);
                var before = new KeyWrapping(settings.Options.Keys.Previous, Previous);
                var after = new KeyWrapping(settings.Options.Keys.Wrapping, "Nurture:Keys:Wrapping");
                var count = await new KeyRewrap(database.Source).RunAsync(
                    key => after.Wrap(before.Unwrap(key)),
                    cancellationToken
                );
                await Console.Out.WriteLineAsync(
                    after.IsSet
                        ? $"{count} keys are encrypted with Nurture:Keys:Wrapping now."
                        : $"{count} keys are stored as they are now."
                );
                return 0;
            }
        );
        return command;
    }
}
