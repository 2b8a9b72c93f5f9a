using System.CommandLine;
using Microsoft.AspNetCore.Identity;
using NurtureEngine.Core.People;
using NurtureEngine.Host.Identity.People;
using NurtureEngine.Postgres.People;

namespace NurtureEngine.Host.Verbs;

/// <summary>Lets somebody in again who can't get in: a one-time password, no lock, no sessions.</summary>
internal static class ResetPasswordVerb
{
    public static Command Make(IConfiguration configuration)
    {
        var name = new Option<string>("--name") { Description = "The user name.", Required = true };
        var command = new Command(
            "reset-password",
            "Give a person of the console a one-time password, unlock them, turn their second step off, and end their sessions."
        )
        {
            name,
        };
        command.SetAction(
            (parsed, cancellationToken) =>
                RunAsync(VerbSettings.Read(configuration), parsed.GetValue(name)!, cancellationToken)
        );
        return command;
    }

    private static async Task<int> RunAsync(VerbSettings settings, string name, CancellationToken cancellationToken)
    {
        await using var database = await settings.OpenDatabaseAsync(cancellationToken);
        await database.MigrateAsync(cancellationToken);
        var people = new PersonStore(database.Source);
        if (
            await people.FindByNameAsync(new UpperInvariantLookupNormalizer().NormalizeName(name), cancellationToken)
            is not { } person
        )
        {
            throw new UsageException($"Nobody has the user name '{name}'.");
        }

        var password =
            await OneTimePassword.GiveAsync(
                person,
                people,
                new SignInAttempts(database.Source),
                new PasswordHasher<Person>(),
                AuditEntry.OfPerson(
                    TimeProvider.System.GetUtcNow(),
                    "reset-password",
                    "person.password_reset",
                    person.Id
                ),
                cancellationToken
            ) ?? throw new InvalidOperationException("The person was changed at the same time. Try again.");
        await new SecondFactorStore(database.Source).ClearAsync(person.Id, entry: null, cancellationToken);
        await Console.Out.WriteLineAsync($"One-time password of {person.UserName}: {password}");
        return 0;
    }
}
