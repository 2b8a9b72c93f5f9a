using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using NurtureEngine.Host.Facts;
using NurtureEngine.Host.Tracks;
using NurtureEngine.IntegrationTests.Infrastructure;
using static NurtureEngine.IntegrationTests.Infrastructure.TrackFolder;

namespace NurtureEngine.IntegrationTests.Way;

/// <summary>What is going to leave, and when, as an operator sees it.</summary>
public sealed class SlotTests(PostgresServer server) : IAsyncLifetime
{
    private readonly TrackFolder _folder = new("slots");

    // A Monday at noon, and a second that is no whole minute.
    private readonly TestClock _clock = new(new DateTimeOffset(2026, 5, 4, 12, 0, 20, TimeSpan.Zero));
    private TestHost _host = null!;
    private Crm _crm = null!;

    public async ValueTask InitializeAsync()
    {
        await _folder.PublishAsync(
            [Step("hello", "Nurture.SendEmail", ("templateId", Literal("welcome-hello")))],
            "T>hello",
            null,
            "slotted",
            ("cadence", JsonNode.Parse("""{"time": "09:30"}""")!)
        );
        await _folder.PublishAsync(
            [
                Step("w", "Elsa.Delay", ("timeSpan", Literal("20h"))),
                Step("later", "Nurture.SendEmail", ("templateId", Literal("welcome-value"))),
            ],
            "T>w w>later",
            Step("T", "Nurture.LeadStageChanged", ("stage", Literal("SQL"))),
            "waiting"
        );
        _host = await TestHost.StartAsync(await server.CloneAsync(), workflows: _folder.Path, clock: _clock);
        _crm = await Crm.ForAsync(_host.Http, _host.Database);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Slots_hold_planned_touches_by_track_and_role_and_what_may_come()
    {
        await FireAsync("ann", "MQL", "User");
        await FireAsync("bob", "MQL", "User");
        await FireAsync("cid", "MQL", "Buyer");
        await FireAsync("dan", "SQL", null);
        await PlanAsync();
        var slot = Assert.Single((await SlotsAsync())["items"]!.AsArray())!;

        Assert.Equal(("email", "2026-05-05T09:30:00+00:00"), ((string?)slot["channel"], (string?)slot["slot"]));
        Assert.Equal((3, 1), ((int)slot["touches"]!, (int)slot["expected"]!));
        Assert.Equal(
            "slotted Buyer 1, slotted User 2",
            string.Join(
                ", ",
                slot["parts"]!.AsArray().Select(part => $"{part!["track"]} {part["role"]} {part["touches"]}")
            )
        );
    }

    [Fact]
    public async Task What_is_overdue_is_in_the_current_minute_and_what_is_sent_in_none()
    {
        await FireAsync("ann", "MQL", "User");
        await PlanAsync();
        _clock.Advance(TimeSpan.FromHours(22));

        Assert.Equal("2026-05-05T10:00:00+00:00", (string?)(await SlotsAsync())["items"]![0]!["slot"]);
        await _host.DrainAsync();
        Assert.Empty((await SlotsAsync())["items"]!.AsArray());
    }

    [Fact]
    public async Task Slots_come_page_by_page_and_none_beyond_two_days()
    {
        await FireAsync("ann", "MQL", "User");
        await PlanAsync();
        await _host.ExecuteAsync(
            """
            INSERT INTO touch (lead_id, id, enrollment_id, step, visit, channel, content_version_id, state, priority, due_at, planned_at)
            SELECT lead_id, gen_random_uuid(), enrollment_id, step, 1 + n, channel, content_version_id, 'planned', 50, due_at + n * interval '9 hours', now()
              FROM touch CROSS JOIN generate_series(1, 6) AS n
            """
        );
        var seen = new List<string>();
        string? after = null;
        do
        {
            var page = await SlotsAsync($"?limit=2{(after is null ? "" : $"&after={after}")}");
            seen.AddRange(page["items"]!.AsArray().Select(item => (string)item!["slot"]!));
            after = (string?)page["next"];
        } while (after is not null);

        // The next one, half an hour behind the two days, is not among them.
        Assert.Equal(["05T09:30", "05T18:30", "06T03:30"], seen.Select(slot => slot[8..16]));
    }

    [Theory]
    [InlineData("?limit=0", "limit")]
    [InlineData("?after=nonsense", "after")]
    public async Task A_faulty_question_is_named(string query, string expected)
    {
        using var answer = await _host.Http.GetAsync($"/api/slots{query}");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains($"'{expected}'", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private async Task<JsonObject> SlotsAsync(string query = "") =>
        (await _host.Http.GetFromJsonAsync<JsonObject>($"/api/slots{query}"))!;

    private async Task FireAsync(string lead, string stage, string? role)
    {
        var body = Crm.StageChange(lead, stage, _clock.GetUtcNow());
        if (role is not null)
        {
            body["data"]!["lead"]!["role"] = role;
        }

        await _crm.FireAsync(body);
    }

    // Without what leaves.
    private async Task PlanAsync()
    {
        while (await _host.TurnAsync<FactsWorker>() || await _host.TurnAsync<AdvanceWorker>()) { }
    }
}
