using System.CommandLine;
using NurtureEngine.Host.Identity;
using NurtureEngine.Postgres.Access;

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
        };
        command.SetAction(
            async (result, cancellationToken) =>
            {
                var key = ApiKeys.New();
                await using var database = await VerbSettings.Read(configuration).OpenDatabaseAsync(cancellationToken);
                await new ApiKeyStore(database.Source).AddAsync(
                    result.GetRequiredValue(name),
                    ApiKeys.HashOf(key),
                    [.. result.GetRequiredValue(scopes).Distinct()],
                    TimeProvider.System.GetUtcNow(),
                    cancellationToken
                );
                await Console.Out.WriteLineAsync(key);
                return 0;
            }
        );
        return command;
    }
}
