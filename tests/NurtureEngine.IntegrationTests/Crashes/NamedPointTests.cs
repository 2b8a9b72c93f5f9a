using NurtureEngine.IntegrationTests.Infrastructure;

namespace NurtureEngine.IntegrationTests.Crashes;

/// <summary>kill -9 at each moment that matters: whatever was promised before still holds after.</summary>
public sealed class NamedPointTests(PostgresServer server)
{
    /// <summary>Each waypoint, and whether a touch that was in hand there becomes uncertain.</summary>
    public static TheoryData<string, int> Points =>
        new()
        {
            { "intake.stored", 0 },
            { "intake.answered", 0 },
            { "facts.committing", 0 },
            { "facts.committed", 0 },
            { "advance.committing", 0 },
            { "advance.committed", 0 },
            { "slots.starting", 0 },
            { "slots.started", 0 },
            { "dispatch.claimed", 0 },
            { "gate.committing", 0 },
            { "gate.committed", 1 },
            { "dispatch.delivering", 1 },
            { "dispatch.delivered", 1 },
            { "dispatch.settling", 1 },
            { "dispatch.settled", 0 },
        };

    [Theory]
    [MemberData(nameof(Points))]
    public async Task A_kill_there_loses_nothing_and_doubles_nothing(string point, int uncertain)
    {
        var database = await server.CloneAsync();
        await using var pipeline = new Pipeline(database);
        await using (var doomed = await HostProcess.ServeAsync(database, point))
        {
            var body = Crm.StageChange("ann", "MQL", TimeProvider.System.GetUtcNow());
            using var http = new HttpClient { BaseAddress = await doomed.ReadyAsync() };
            var crm = await Crm.ForAsync(http, pipeline.Database);
            var isAnswered = await IsAnsweredAsync(() => crm.FireAsync(body, "the-event"));
            await doomed.ExitAsync();

            await pipeline.BuryAsync();
            await using var next = await HostProcess.ServeAsync(database);
            if (!isAnswered)
            {
                // A sender that got no answer sends the same event again.
                using var again = new HttpClient { BaseAddress = await next.ReadyAsync() };
                await (await Crm.ForAsync(again, pipeline.Database)).FireAsync(body, "the-event");
            }

            await pipeline.DrainedAsync();
        }

        await pipeline.AssertOnceEachAsync(leads: 1, mostUncertain: uncertain);
        Assert.Equal(uncertain, await pipeline.ScalarAsync("SELECT count(*) FROM touch WHERE state = 'uncertain'"));
    }

    private static async Task<bool> IsAnsweredAsync(Func<Task<HttpResponseMessage>> fire)
    {
        try
        {
            return (await fire()).IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
