using System.CommandLine;
using Microsoft.AspNetCore.Identity;
using NurtureEngine.Host.Identity;
using NurtureEngine.Host.Storage;
using NurtureEngine.Postgres.Access;
using NurtureEngine.Postgres.People;

namespace NurtureEngine.Host.Verbs;

/// <summary><c>create-key</c>: makes an API key and prints it, this once.</summary>
internal static class CreateKeyVerb
{
    public static Command Make(IConfiguration configuration)
    {
        var name = new Option<string>("--name")
        {
            Description = "Whose key it is; shown where the key approves something.",
            Required = true,
        };
        var scopes = new Option<string[]>("--scope")
        {
            HelpName = "scope",
            Description = $"What it may do: {string.Join(", ", Scopes.All)}; may be given several times.",
            Required = true,
            AllowMultipleArgumentsPerToken = true,
        };
        var person = new Option<string>("--person")
        {
            Description =
                "The user name of the person whose key it is: it sees the leads that they see. Without it, it sees all.",
        };
        name.Validators.Add(result =>
        {
            if (string.IsNullOrWhiteSpace(result.GetValueOrDefault<string>()))
            {
                result.AddError("--name is empty; it stands beside what the key approves.");
            }
        });
        scopes.AcceptOnlyFromAmong([.. Scopes.All]);
        var command = new Command(
            "create-key",
            "Make an API key and print it. It is kept nowhere and can't be shown again."
        )
        {
            name,
            scopes,
            person,
        };
        command.SetAction(
            async (result, cancellationToken) =>
            {
                var key = ApiKeys.New();
                await using var database = await VerbSettings.Read(configuration).OpenDatabaseAsync(cancellationToken);
                var owner = await FindAsync(database, result.GetValue(person), cancellationToken);
                await new ApiKeyStore(database.Source).AddAsync(
                    result.GetRequiredValue(name),
                    ApiKeys.HashOf(key),
                    [.. result.GetRequiredValue(scopes).Distinct()],
                    owner,
                    TimeProvider.System.GetUtcNow(),
                    cancellationToken
                );
                await Console.Out.WriteLineAsync(key);
                return 0;
            }
        );
        return command;
    }

    private static async Task<long?> FindAsync(
        NurtureDatabase database,
        string? userName,
        CancellationToken cancellationToken
    )
    {
        if (userName is null)
        {
            return null;
        }

        var key = new UpperInvariantLookupNormalizer().NormalizeName(userName);
        return (await new PersonStore(database.Source).FindByNameAsync(key, cancellationToken))?.Id
            ?? throw new UsageException($"No person has the user name '{userName}'.");
    }
}
