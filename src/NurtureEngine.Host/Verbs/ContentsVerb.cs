using System.CommandLine;

namespace NurtureEngine.Host.Verbs;

/// <summary><c>contents renew</c>: lets touches go on whose stored version of a content can't be used any more.</summary>
internal static class ContentsVerb
{
    public static Command Make(IConfiguration configuration)
    {
        var renew = new Command(
            "renew",
            "Move planned touches from stored versions that can't be used any more to the current version of the same content; prints how many. See 'validate --stored' first."
        );
        renew.SetAction(
            async (_, cancellationToken) =>
            {
                await using var database = await VerbSettings.Read(configuration).OpenDatabaseAsync(cancellationToken);
                var renewed = await new StoredContents(database).RenewAsync(
                    TimeProvider.System.GetUtcNow(),
                    cancellationToken
                );
                await Console.Out.WriteLineAsync($"{renewed}");
                return 0;
            }
        );
        return new Command("contents", "Work on the contents that the database holds.") { renew };
    }
}
