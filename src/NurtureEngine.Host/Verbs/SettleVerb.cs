using System.CommandLine;
using NurtureEngine.Postgres.Touches;

namespace NurtureEngine.Host.Verbs;

/// <summary><c>settle</c>: a person's word on touches of which nobody knows whether they left.</summary>
internal static class SettleVerb
{
    public static Command Make(IConfiguration configuration)
    {
        var outcome = new Option<string>("--outcome")
        {
            Description = "accepted: they have left; rejected: they have not.",
            Required = true,
        };
        outcome.AcceptOnlyFromAmong("accepted", "rejected");
        var touches = new Option<Guid[]>("--touch")
        {
            HelpName = "id",
            Description = "The touches; may be given several times.",
            AllowMultipleArgumentsPerToken = true,
        };
        var until = new Option<DateTimeOffset?>("--until")
        {
            Description = "All that became uncertain up to this moment, such as 2026-01-31T09:30:00Z.",
        };
        var command = new Command("settle", "Say whether uncertain touches have left; prints how many were settled.")
        {
            outcome,
            touches,
            until,
        };
        command.SetAction(
            async (result, cancellationToken) =>
            {
                var named = result.GetValue(touches) ?? [];
                var moment = result.GetValue(until);
                if (named.Length == 0 == moment is null)
                {
                    throw new UsageException("--touch or --until is expected, one of them.");
                }

                await using var database = await VerbSettings.Read(configuration).OpenDatabaseAsync(cancellationToken);
                var settled = await new TouchSettle(database.Source).SettleAsync(
                    new SettleOrder(
                        named.Length == 0 ? null : named,
                        moment,
                        result.GetRequiredValue(outcome) == "accepted"
                    ),
                    "the verb settle",
                    TimeProvider.System.GetUtcNow(),
                    cancellationToken
                );
                await Console.Out.WriteLineAsync($"{settled}");
                return 0;
            }
        );
        return command;
    }
}
