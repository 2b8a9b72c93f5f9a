using System.Text;
using NurtureEngine.IntegrationTests.Infrastructure;

namespace NurtureEngine.IntegrationTests.Intake;

/// <summary>Whatever a body is damaged to, the sender is told, and the host goes on.</summary>
public sealed class FuzzTests(PostgresServer server, ITestOutputHelper output) : HostTests(server)
{
    private const int Bodies = 1_500;

    private static readonly string[] Scraps =
    [
        "null",
        "{}",
        "[]",
        "\"\"",
        "0",
        "-1",
        "1e999",
        "true",
        "\"\\u0000\"",
        "\"\\ud800\"",
        "9999999999999999999999",
        "{\"a\":{\"a\":{}}}",
        "\"2026-13-01T00:00:00Z\"",
        "\"deal.x\"",
        "\"lead.merged\"",
        "\"activity.\"",
        "[null]",
        "[{}]",
        "\"é😀\"",
        "{\"amount\":1,\"currency\":\"EUR\"}",
    ];

    private const string Whole = """
        {"type":"lead.stage_changed","timestamp":"2026-01-01T00:00:00Z","data":{"version":3,"lead":{"externalId":"1","email":"a@example.com","phone":"1","timeZone":"UTC","tags":["a"],
        "card":{"person":{"fact":"x","source":"y","at":"2026-01-01T00:00:00Z"}},"acquisition":{"source":"s","cost":{"amount":1,"currency":"EUR"}},"company":{"externalId":"c","size":3,"tier":"T1","domain":"x.example",
        "dossier":{"links":[{"text":"x","source":"y","at":"2026-01-01T00:00:00Z"}]}},"consent":[{"channel":"email","granted":true,"at":"2026-01-01T00:00:00Z"}],"custom":{"a":1}},"lifeCycle":"customer","from":"RL","to":"MQL",
        "merged":["2"],"deal":{"externalId":"d","status":"won","value":{"amount":1,"currency":"EUR"},"contacts":["1"]},"activity":{"name":"n","touchId":"00000000-0000-0000-0000-000000000000"}}}
        """;

    [Fact]
    public async Task A_damaged_body_never_is_the_hosts_fault()
    {
        var random = new Random(Seed.Of(output));
        var seen = new Dictionary<int, int>();
        for (var i = 0; i < Bodies; i++)
        {
            var body = Damage(random);
            using var answer = await _crm.PostAsync(body, $"fuzz-{i}", TimeProvider.System.GetUtcNow(), _crm.Key);
            var status = (int)answer.StatusCode;
            seen[status] = seen.GetValueOrDefault(status) + 1;
            Assert.True(status is 202 or 400, $"{status} for {Encoding.UTF8.GetString(body)}");
        }

        await _host.DrainAsync();
        output.WriteLine(string.Join(", ", seen.Select(pair => $"{pair.Key}: {pair.Value}")));
        Assert.Null(
            await _host.ScalarAsync<string?>(
                "SELECT max(concat_ws(' ', state, attempts, fault, encode(body, 'escape'))) FROM inbox WHERE fault_code = 'event.failed' OR state = 'pending'"
            )
        );
        Assert.True(seen.GetValueOrDefault(202) > 0 && seen.GetValueOrDefault(400) > 0);
    }

    private static byte[] Damage(Random random)
    {
        var text = Whole;
        if (random.Next(2) == 0)
        {
            text = text.Replace(
                "lead.stage_changed",
                random.Next(3) switch
                {
                    0 => "lead.merged",
                    1 => "deal.won",
                    _ => "activity.replied",
                },
                StringComparison.Ordinal
            );
        }

        for (var times = random.Next(1, 3); times > 0; times--)
        {
            // A value after a colon, for something else.
            var colons = text.Index().Where(c => c.Item == ':').Select(c => c.Index).ToList();
            var at = colons[random.Next(colons.Count)] + 1;
            var end = text.IndexOfAny([',', '}'], at);
            text = end < 0 ? text : text[..at] + Scraps[random.Next(Scraps.Length)] + text[end..];
        }

        var bytes = Encoding.UTF8.GetBytes(text);
        if (random.Next(8) == 0)
        {
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        }

        return random.Next(20) == 0 ? bytes[..random.Next(bytes.Length)] : bytes;
    }
}
