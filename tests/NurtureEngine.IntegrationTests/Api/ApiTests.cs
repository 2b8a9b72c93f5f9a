using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using NurtureEngine.Host.Identity;
using NurtureEngine.IntegrationTests.Infrastructure;
using NurtureEngine.Postgres.Access;

namespace NurtureEngine.IntegrationTests.Api;

/// <summary>The REST API: who may, what pages look like, and what a wrong request is told.</summary>
public sealed class ApiTests(PostgresServer server) : HostTests(server)
{
    [Theory]
    [InlineData("/api/leads")]
    [InlineData("/api/touches")]
    [InlineData("/api/tasks")]
    [InlineData("/api/enrollments")]
    [InlineData("/api/tracks")]
    [InlineData("/api/inbox")]
    public async Task Nobody_reads_without_a_key_or_without_its_scope(string path)
    {
        using var stranger = new HttpClient { BaseAddress = _host.Http.BaseAddress };
        var without = await stranger.GetAsync(path);
        stranger.DefaultRequestHeaders.Authorization = new("Bearer", "nk_wrong");
        var wrong = await stranger.GetAsync(path);
        stranger.DefaultRequestHeaders.Authorization = new("Bearer", await KeyAsync(Scopes.InboxReplay));
        var unscoped = await stranger.GetAsync(path);

        Assert.Equal(
            (HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden),
            (without.StatusCode, wrong.StatusCode, unscoped.StatusCode)
        );
        Assert.Equal("application/problem+json", without.Content.Headers.ContentType!.MediaType);
        Assert.Equal(HttpStatusCode.OK, (await _host.Http.GetAsync(path)).StatusCode);
    }

    [Fact]
    public async Task A_key_that_may_read_touches_may_not_approve_them()
    {
        using var reader = new HttpClient { BaseAddress = _host.Http.BaseAddress };
        reader.DefaultRequestHeaders.Authorization = new("Bearer", await KeyAsync(Scopes.TouchesRead));

        Assert.Equal(
            HttpStatusCode.Forbidden,
            (await reader.PostAsync($"/api/touches/{Guid.NewGuid()}/approve", null)).StatusCode
        );
        Assert.Equal(
            HttpStatusCode.NotFound,
            (await _host.Http.PostAsync($"/api/touches/{Guid.NewGuid()}/approve", null)).StatusCode
        );
    }

    [Theory]
    [InlineData("/api/leads?limit=3")]
    [InlineData("/api/touches?limit=3")]
    [InlineData("/api/enrollments?limit=3")]
    [InlineData("/api/inbox?limit=3")]
    [InlineData("/api/dev/inbox?limit=3")]
    public async Task Pages_show_each_row_once_and_come_to_an_end(string path)
    {
        for (var i = 0; i < 10; i++)
        {
            await _crm.FireAsync(Crm.StageChange($"lead-{i}", "MQL", _host.Clock.GetUtcNow()));
        }

        await _host.DrainAsync();
        var ids = new List<string>();
        var next = path;
        while (next is not null)
        {
            var answer = await _host.Http.GetAsync(next);
            var page = (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
            ids.AddRange(page["items"]!.AsArray().Select(item => item!["id"]!.GetValue<string>()));
            next = page["next"] is { } cursor ? $"{path}&after={cursor}" : null;
            Assert.Equal(next is null, !answer.Headers.Contains("Link"));
        }

        Assert.Equal((10, 10), (ids.Count, ids.Distinct().Count()));
    }

    [Fact]
    public async Task A_timeline_pages_through_facts_and_touches_newest_first()
    {
        await _crm.FireAsync(Crm.StageChange("ann", "MQL", _host.Clock.GetUtcNow()));
        await _host.DrainAsync();
        var id = (await ItemsAsync("/api/leads?externalId=ann"))[0]!["id"]!.GetValue<string>();
        var kinds = new List<string>();
        var next = $"/api/leads/{id}/timeline?limit=1";
        while (next is not null)
        {
            var page = (await _host.Http.GetFromJsonAsync<JsonObject>(next))!;
            kinds.AddRange(page["items"]!.AsArray().Select(item => item!["kind"]!.GetValue<string>()));
            next = page["next"] is { } cursor ? $"/api/leads/{id}/timeline?limit=1&after={cursor}" : null;
        }

        Assert.Equal(
            ["enrollment.started", "lead.stage_changed", "touch.accepted", "touch.handing", "touch.planned"],
            kinds.Order(StringComparer.Ordinal)
        );
    }

    [Theory]
    [InlineData("/api/leads?after=nonsense")]
    [InlineData("/api/leads?limit=0")]
    [InlineData("/api/leads?limit=201")]
    [InlineData("/api/touches?state=flying")]
    [InlineData("/api/touches?after=bnVsbA")]
    [InlineData("/api/enrollments?state=0")]
    [InlineData("/api/inbox?state=lost")]
    [InlineData("/api/leads?limit=many")]
    [InlineData("/api/leads?externalId=%00")]
    [InlineData("/api/leads?source=nope")]
    public async Task A_wrong_parameter_is_a_400_problem(string path) =>
        await AssertProblemAsync(HttpStatusCode.BadRequest, path);

    [Theory]
    [InlineData("/api/leads/999")]
    [InlineData("/api/leads/999/timeline")]
    [InlineData("/api/leads/999/touches")]
    [InlineData("/api/touches/00000000-0000-0000-0000-000000000001")]
    [InlineData("/api/nothing")]
    public async Task What_is_not_there_is_a_404_problem(string path) =>
        await AssertProblemAsync(HttpStatusCode.NotFound, path);

    [Fact]
    public async Task The_description_of_the_API_is_the_approved_one()
    {
        var approved = Path.Combine(
            Repository.Root,
            "tests",
            "NurtureEngine.IntegrationTests",
            "Api",
            "openapi.approved.json"
        );
        var received = JsonNode.Parse(await _host.Http.GetStringAsync("/openapi/v1.json"))!.ToJsonString(Indented);
        var expected = await File.ReadAllTextAsync(approved);
        if (expected != received + "\n")
        {
            await File.WriteAllTextAsync(
                approved.Replace("approved", "received", StringComparison.Ordinal),
                received + "\n"
            );
        }

        Assert.Equal(expected, received + "\n");
    }

    [Fact]
    public async Task The_development_inbox_shows_html_text_and_headers_and_escapes_them()
    {
        var body = Crm.StageChange("ann", "MQL", _host.Clock.GetUtcNow());
        body["data"]!["lead"]!["name"] = "<script>alert(1)</script>";
        await _crm.FireAsync(body);
        await _host.DrainAsync();

        var list = await _host.Http.GetStringAsync("/dev/inbox");
        var page = await _host.Http.GetStringAsync("/dev/inbox/1");
        var html = await _host.Http.GetAsync("/dev/inbox/1/html");
        Assert.DoesNotContain(
            "<script>",
            list + page + await html.Content.ReadAsStringAsync(),
            StringComparison.Ordinal
        );
        Assert.Contains("Message-ID: &lt;", page, StringComparison.Ordinal);
        Assert.StartsWith(
            "sandbox",
            html.Headers.GetValues("Content-Security-Policy").Single(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task The_development_inbox_is_closed_to_names_that_only_point_here()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/dev/inbox");
        request.Headers.Host = "rebound.example";
        using var stranger = new HttpClient { BaseAddress = _host.Http.BaseAddress };

        Assert.Equal(HttpStatusCode.Forbidden, (await stranger.SendAsync(request)).StatusCode);
    }

    [Theory]
    [InlineData("X-Forwarded-For")]
    [InlineData("Forwarded")]
    public async Task The_development_inbox_is_closed_behind_a_proxy(string header)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/dev/inbox");
        request.Headers.Add(header, "203.0.113.7");
        using var stranger = new HttpClient { BaseAddress = _host.Http.BaseAddress };

        Assert.Equal(HttpStatusCode.Forbidden, (await stranger.SendAsync(request)).StatusCode);
    }

    [Theory]
    [InlineData("/healthz")]
    [InlineData("/healthz/live")]
    [InlineData("/healthz/ready")]
    public async Task The_probes_answer(string path) =>
        Assert.Equal(HttpStatusCode.OK, (await _host.Http.GetAsync(path)).StatusCode);

    private static readonly System.Text.Json.JsonSerializerOptions Indented = new() { WriteIndented = true };

    private async Task AssertProblemAsync(HttpStatusCode expected, string path)
    {
        var answer = await _host.Http.GetAsync(path);

        Assert.Equal(expected, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
    }

    private async Task<string> KeyAsync(string scope)
    {
        var key = ApiKeys.New();
        await _host
            .Services.GetRequiredService<ApiKeyStore>()
            .AddAsync(
                "test",
                ApiKeys.HashOf(key),
                [scope],
                person: null,
                _host.Clock.GetUtcNow(),
                CancellationToken.None
            );
        return key;
    }
}
