using System.CommandLine;
using NurtureEngine.Host.Identity.Keys;
using NurtureEngine.Postgres.Settings;

namespace NurtureEngine.Host.Verbs;

/// <summary>Encrypts the keys in the database with another secret. Secrets come from the settings: a command line is seen by others.</summary>
internal static class RewrapKeysVerb
{
    private const string Wrapping = "Nurture:Keys:Wrapping";

    public static Command Make(IConfiguration configuration)
    {
        var bare = new Option<bool>("--remove-encryption")
        {
            Description = $"Store the keys without encryption, where {Wrapping} is not set.",
        };
        var command = new Command(
            "rewrap-keys",
            $"Encrypt the keys of links, cookies and forms in the database with {Wrapping}. Nurture:Keys:Previous is what they are encrypted with now; leave it out where they are not. Stop the hosts first."
        )
        {
            bare,
        };
        command.SetAction(
            (parsed, cancellationToken) =>
                RunAsync(VerbSettings.Read(configuration), parsed.GetValue(bare), cancellationToken)
        );
        return command;
    }

    private static async Task<int> RunAsync(VerbSettings settings, bool mayBare, CancellationToken cancellationToken)
    {
        var after = new KeyWrapping(settings.Options.Keys.Wrapping, Wrapping);
        if (!after.IsSet && !mayBare)
        {
            throw new UsageException(
                $"{Wrapping} is not set. Set it to the new secret, or say --remove-encryption to store the keys without any."
            );
        }

        var before = new KeyWrapping(settings.Options.Keys.Previous, "Nurture:Keys:Previous");
        await using var database = await settings.OpenDatabaseAsync(cancellationToken);
        await database.MigrateAsync(cancellationToken);
        var count = await new KeyRewrap(database.Source).RunAsync(
            // What has the new secret already stays readable, so that the verb can be repeated.
            key => after.Wrap(after.TryUnwrap(key) ?? before.Unwrap(key)),
            cancellationToken
        );
        await Console.Out.WriteLineAsync(
            after.IsSet
                ? $"{count} keys are encrypted with {Wrapping} now."
                : $"{count} keys are now stored without encryption."
        );
        return 0;
    }
}
