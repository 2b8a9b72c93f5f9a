using System.Net;
using System.Text.Json.Nodes;
using NurtureEngine.Core.People;
using NurtureEngine.IntegrationTests.Infrastructure;

namespace NurtureEngine.IntegrationTests.Pages;

/// <summary>Which leads people see: the search, a lead's page, the API and the export say the same.</summary>
public sealed class ReachTests(PostgresServer server) : IAsyncLifetime
{
    private Office _office = null!;

    public async ValueTask InitializeAsync()
    {
        _office = await Office.OpenAsync(server);
        var crm = await Crm.ForAsync(_office.Host.Http, _office.Host.Database);
        await TellAsync("ann", "sue@example.org", "DE", partner: null);
        await TellAsync("bob", "Tom@Example.org", "AT", partner: "Acme Partners");
        await TellAsync("cleo", owner: null, "CN", partner: "Acme Partners");
        await TellAsync("dan", "uma@example.org", "CN", partner: "Others");
        await _office.Host.DrainAsync();

        async Task TellAsync(string lead, string? owner, string country, string? partner)
        {
            var body = Crm.StageChange(lead, "RL", _office.Host.Clock.GetUtcNow(), consents: false);
            var fields = body["data"]!["lead"]!.AsObject();
            fields["country"] = country;
            fields["phone"] = "+49 30 1234567";
            if (owner is not null)
            {
                fields["owner"] = new JsonObject { ["email"] = owner };
            }

            if (partner is not null)
            {
                fields["custom"] = new JsonObject { ["partner"] = partner };
            }

            (await crm.FireAsync(body)).EnsureSuccessStatusCode();
        }
    }

    public ValueTask DisposeAsync() => _office.DisposeAsync();

    [Theory]
    [InlineData("sue@example.org", "", "", "", "", "ann")]
    [InlineData("TOM@example.org", "own", "", "", "", "bob")]
    [InlineData("sue@example.org", "team", "south", "", "", "ann, bob")]
    [InlineData("sue@example.org", "territory", "", "at, CN", "", "ann, bob, cleo, dan")]
    [InlineData("", "territory", "", "CN", "", "cleo, dan")]
    [InlineData("", "partner", "", "", "Acme Partners", "bob, cleo")]
    [InlineData("", "all", "", "", "", "ann, bob, cleo, dan")]
    [InlineData("", "", "", "", "", "")]
    public async Task All_looks_at_leads_agree(
        string email,
        string reach,
        string team,
        string countries,
        string partner,
        string seen
    )
    {
        await _office.HireAsync("tom", Roles.Sales);
        await DescribeAsync("tom", ("Form.Email", "tom@example.org"), ("Form.Team", "south"));
        if (email.Equals("tom@example.org", StringComparison.OrdinalIgnoreCase))
        {
            await DescribeAsync("tom", ("Form.Email", ""), ("Form.Team", "south"));
        }

        using var person = await _office.HireAsync("sue", Roles.Sales);
        await DescribeAsync(
            "sue",
            ("Form.Email", email),
            ("Form.Reach", reach),
            ("Form.Team", team),
            ("Form.Countries", countries),
            ("Form.Partner", partner)
        );
        using var api = await _office.ApiOfAsync("sue");

        Assert.Equal(seen, await ByListAsync(api));
        Assert.Equal(seen, await ByExportAsync(api));
        Assert.Equal(
            seen,
            await EachAsync(async lead => (await api.GetAsync($"/api/leads/{await IdAsync(lead)}")).StatusCode)
        );
        Assert.Equal(
            seen,
            await EachAsync(async lead => (await api.GetAsync($"/api/leads/{await IdAsync(lead)}/timeline")).StatusCode)
        );
        Assert.Equal(
            seen,
            await EachAsync(async lead => (await person.GetAsync($"/console/leads/{await IdAsync(lead)}")).StatusCode)
        );
        Assert.Equal(
            seen,
            await EachAsync(async lead =>
                (await person.ReadAsync($"/console/search?q={lead}@example.com")).Contains(
                    "/console/leads/",
                    StringComparison.Ordinal
                )
                    ? HttpStatusCode.OK
                    : HttpStatusCode.NotFound
            )
        );
    }

    [Fact]
    public async Task A_key_of_somebody_who_sees_some_leads_opens_nothing_that_shows_all()
    {
        await _office.HireAsync("sue", Roles.Sales);
        using var api = await _office.ApiOfAsync("sue");

        foreach (
            var path in new[] { "/api/touches", "/api/enrollments", "/api/inbox", "/api/handoffs", "/api/rulebook" }
        )
        {
            using var answer = await api.GetAsync(path);
            Assert.Equal((path, HttpStatusCode.Forbidden), (path, answer.StatusCode));
        }
    }

    [Fact]
    public async Task A_partner_sees_no_phone_number()
    {
        await _office.HireAsync("pat", Roles.Sales);
        await DescribeAsync("pat", ("Form.Reach", "partner"), ("Form.Partner", "Acme Partners"));
        using var api = await _office.ApiOfAsync("pat");
        using var own = await _office.ApiOfAsync(userName: null);
        var path = $"/api/leads/{await IdAsync("bob")}";
        await _office.Host.ExecuteAsync(
            """
            UPDATE lead SET fields = fields || '{"score": "7", "evidence.need": "{}", "sign.customer.need.MQL": "x", "card.person": "{}"}';
            INSERT INTO account (fields, stamps, created_at, updated_at) VALUES ('{"name": "Acme", "dossier.strategy": "[]"}', '{}', now(), now());
            UPDATE lead SET account_id = (SELECT max(id) FROM account);
            INSERT INTO timeline (recorded_at, lead_id, occurred_at, kind, arguments)
            SELECT now(), id, now(), 'engine.score_adjusted', '{"by": "7", "reason": "a whisper", "criterion": "need", "track": "welcome"}' FROM lead
            """
        );
        var all = await own.GetStringAsync(path) + await own.GetStringAsync($"{path}/timeline");
        var seen =
            await api.GetStringAsync(path)
            + await api.GetStringAsync($"{path}/timeline")
            + await api.GetStringAsync("/api/exports/leads");
        foreach (
            var inner in new[]
            {
                "score\"",
                "evidence.need",
                "sign.customer",
                "card.person",
                "dossier.strategy",
                "a whisper",
                "criterion",
            }
        )
        {
            Assert.Contains(inner, all, StringComparison.Ordinal);
            Assert.DoesNotContain(inner, seen, StringComparison.Ordinal);
        }

        Assert.Contains("\"name\":\"Acme\"", seen, StringComparison.Ordinal);

        Assert.DoesNotContain("1234567", await api.GetStringAsync(path), StringComparison.Ordinal);
        Assert.DoesNotContain("1234567", await api.GetStringAsync("/api/exports/leads"), StringComparison.Ordinal);
        Assert.Contains("1234567", await own.GetStringAsync(path), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_loses_their_roles_loses_what_they_saw()
    {
        await _office.HireAsync("sue", Roles.Sales);
        await DescribeAsync("sue", ("Form.Reach", "all"));
        using var api = await _office.ApiOfAsync("sue");
        var before = await ByListAsync(api);
        await _office.Admin.FillInAsync("/console/people", $"roles-{await _office.IdAsync("sue")}");

        Assert.Equal("ann, bob, cleo, dan", before);
        Assert.Equal("", await ByListAsync(api));
    }

    private async Task<HttpResponseMessage> DescribeAsync(string userName, params (string, string)[] details) =>
        await _office.Admin.FillInAsync("/console/people", $"details-{await _office.IdAsync(userName)}", details);

    private Task<long> IdAsync(string lead) =>
        _office.Host.ScalarAsync<long>("SELECT lead_id FROM lead_identity WHERE external_id = @lead", new { lead });

    private static async Task<string> ByListAsync(HttpClient api) =>
        string.Join(
            ", ",
            JsonNode.Parse(await api.GetStringAsync("/api/leads"))!["items"]!
                .AsArray()
                .Select(lead => ((string)lead!["fields"]!["email"]!).Split('@')[0])
                .Order(StringComparer.Ordinal)
        );

    private static async Task<string> ByExportAsync(HttpClient api)
    {
        var export = await api.GetStringAsync("/api/exports/leads?source=dev");
        return string.Join(
            ", ",
            new[] { "ann", "bob", "cleo", "dan" }.Where(lead =>
                export.Contains($"{lead}@example.com", StringComparison.Ordinal)
            )
        );
    }

    private static async Task<string> EachAsync(Func<string, Task<HttpStatusCode>> look)
    {
        var seen = new List<string>();
        foreach (var lead in new[] { "ann", "bob", "cleo", "dan" })
        {
            if (await look(lead) == HttpStatusCode.OK)
            {
                seen.Add(lead);
            }
        }

        return string.Join(", ", seen);
    }
}
