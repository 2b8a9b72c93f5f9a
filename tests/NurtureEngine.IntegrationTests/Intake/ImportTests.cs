using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using NurtureEngine.Core.Intake;
using NurtureEngine.Core.Leads;
using NurtureEngine.Host.Facts;
using NurtureEngine.IntegrationTests.Infrastructure;

namespace NurtureEngine.IntegrationTests.Intake;

/// <summary>Lists of leads, as spreadsheets write them.</summary>
public sealed class ImportTests(PostgresServer server) : HostTests(server)
{
    private const string List = """
        external_id,E-Mail,姓名,phone,country,company,tags,stage,custom.seats,opt-in
        1,ann@acme.example,Ann Lee,(030) 1234567,Germany,Acme,vip;early,RL,12,yes
        2,,Bea,,,"Beta, Inc.",,,,
        ,cid@acme.example,"Cid ""the"" Kid",,,,,,,no
        """;

    [Fact]
    public async Task A_list_becomes_leads_and_the_same_list_again_changes_nothing()
    {
        var first = await ImportAsync(List);
        Assert.Equal(("done", 3, 0, 0), (first.State, first.Created, first.Changed, first.Unchanged));
        Assert.Equal(
            "Ann Lee +491234567 no, Bea  none, Cid \"the\" Kid  no".Replace(
                "+491234567 no",
                "+49301234567 yes",
                StringComparison.Ordinal
            ),
            await _host.ScalarAsync<string>(
                """
                SELECT string_agg((l.fields->>'name') || ' ' || COALESCE(l.fields->>'phone', '') || ' ' ||
                                  COALESCE(CASE WHEN c.granted THEN 'yes' WHEN NOT c.granted THEN 'no' END, 'none'), ', ' ORDER BY l.fields->>'name')
                  FROM lead l LEFT JOIN consent c ON c.lead_id = l.id
                """
            )
        );
        Assert.Equal(0, await _host.ScalarAsync<long>("SELECT count(*) FROM enrollment"));
        var stamps = await _host.ScalarAsync<string>("SELECT string_agg(stamps::text, '' ORDER BY id) FROM lead");

        _host.Clock.Advance(TimeSpan.FromDays(1));
        var again = await ImportAsync(List);
        Assert.Equal(("done", 0, 0, 3), (again.State, again.Created, again.Changed, again.Unchanged));
        Assert.Equal(
            stamps,
            await _host.ScalarAsync<string>("SELECT string_agg(stamps::text, '' ORDER BY id) FROM lead")
        );
    }

    [Fact]
    public async Task Every_bad_row_is_named_with_line_and_column_and_nothing_is_stored()
    {
        using var answer = await PostAsync(
            "external_id,email,tier,company,stage\n1,no address,T9,Acme,RL\n2,ok@example.com,,,\n,,,,\n3,\"a\nb\",,,Champion,extra\n"
        );
        var faults = (await answer.Content.ReadFromJsonAsync<JsonObject>())!["errors"]!.AsArray();

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(
            [
                "line 2, column 'email'",
                "line 2, column 'tier'",
                "line 5",
                "line 5, column 'email'",
                "line 5, column 'stage'",
            ],
            faults.Select(fault => $"{fault!["pointer"]}").Order(StringComparer.Ordinal)
        );
        Assert.Equal(0, await _host.ScalarAsync<long>("SELECT count(*) FROM import"));
        Assert.Equal(0, await _host.ScalarAsync<long>("SELECT count(*) FROM lead"));
    }

    [Fact]
    public async Task A_Chinese_spreadsheet_is_read_as_it_was_written()
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var bytes = Encoding.GetEncoding("gb18030").GetBytes("编号,姓名,职位,公司\n7,王小明,总经理,晨星软件\n");
        using var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = new("text/csv");
        using var answer = await _host.Http.PostAsync("/api/imports", content);
        await _host.DrainAsync();

        Assert.True(answer.StatusCode == HttpStatusCode.Accepted, await answer.Content.ReadAsStringAsync());
        Assert.Equal(
            "王小明 总经理 晨星软件",
            await _host.ScalarAsync<string>(
                "SELECT concat_ws(' ', l.fields->>'name', l.fields->>'title', a.fields->>'name') FROM lead l JOIN account a ON a.id = l.account_id"
            )
        );
    }

    [Fact]
    public async Task A_preview_says_what_would_happen_and_an_unknown_column_can_be_mapped()
    {
        using var preview = await PostAsync("Kundennummer,Mail\n1,ann@example.com\n", "?preview=true");
        var said = (await preview.Content.ReadFromJsonAsync<JsonObject>())!;
        Assert.Contains("'Kundennummer' is not known", $"{said["faults"]![0]!["detail"]}", StringComparison.Ordinal);

        using var mapped = await PostAsync(
            "Kundennummer,Mail\n1,ann@example.com\n",
            "?preview=true&map=Kundennummer%3Dexternal_id&source=crm"
        );
        said = (await mapped.Content.ReadFromJsonAsync<JsonObject>())!;
        Assert.Equal("crm:1", $"{said["first"]![0]!["key"]}");
        Assert.Equal(0, await _host.ScalarAsync<long>("SELECT count(*) FROM import"));
    }

    [Fact]
    public async Task A_list_without_ids_finds_those_who_have_the_address_and_a_CRM_later_finds_those_of_the_list()
    {
        await _crm.FireAsync(Crm.StageChange("ann", "RL", _host.Clock.GetUtcNow()));
        await _crm.FireAsync(
            Crm.Event("lead.created", "one", _host.Clock.GetUtcNow(), """{"email":"twice@example.com"}""")
        );
        await _crm.FireAsync(
            Crm.Event("lead.created", "two", _host.Clock.GetUtcNow(), """{"email":"twice@example.com"}""")
        );
        await _host.DrainAsync();
        var done = await ImportAsync("email,title\nANN@example.com,CTO\nnew@example.com,CFO\ntwice@example.com,CEO\n");

        Assert.Equal((1, 1, 1), (done.Created, done.Changed, done.Refused));
        Assert.Equal(
            "4 lead.ambiguous",
            await _host.ScalarAsync<string>("SELECT line || ' ' || code FROM import_fault")
        );

        await _crm.FireAsync(
            Crm.Event("lead.created", "fresh", _host.Clock.GetUtcNow(), """{"email":"new@example.com"}""")
        );
        await _host.DrainAsync();
        Assert.Equal(4, await _host.ScalarAsync<long>("SELECT count(*) FROM lead"));
    }

    [Fact]
    public async Task An_import_that_is_cancelled_leaves_what_was_applied_and_nothing_more()
    {
        // All of one lane: a turn applies a thousand of them.
        var ids = Enumerable.Range(0, 200_000).Where(i => Lanes.Of(new ExternalKey("import", $"{i}")) == 0).Take(2_200);
        var rows = string.Concat(ids.Select(i => $"{i},lead-{i}@example.com\n"));
        using var answer = await PostAsync("external_id,email\n" + rows);
        var id = (await answer.Content.ReadFromJsonAsync<JsonObject>())!["id"];
        await _host.TurnAsync<FactsWorker>();
        var applied = await _host.ScalarAsync<long>("SELECT count(*) FROM lead");
        using var cancelled = await _host.Http.PostAsync($"/api/imports/{id}/cancel", null);
        await _host.DrainAsync();

        Assert.Equal("cancelled", $"{(await cancelled.Content.ReadFromJsonAsync<JsonObject>())!["state"]}");
        Assert.Equal(1_000, applied);
        Assert.Equal(applied, await _host.ScalarAsync<long>("SELECT count(*) FROM lead"));
        using var twice = await _host.Http.PostAsync($"/api/imports/{id}/cancel", null);
        Assert.Equal(HttpStatusCode.Conflict, twice.StatusCode);
    }

    [Fact]
    public async Task What_goes_out_can_come_in_again_and_changes_nothing()
    {
        await ImportAsync(List, "?source=crm");
        await _host.ChangeRulebookAsync(rulebook =>
            rulebook["customFields"] = JsonNode.Parse("""{"seats":"number"}""")
        );
        var file = await _host.Http.GetStringAsync("/api/exports/leads?source=crm");
        Assert.Contains("+49301234567", file, StringComparison.Ordinal);
        var again = await ImportAsync(file, "?source=crm");

        Assert.Equal((0, 3), (again.Created, again.Changed + again.Unchanged));
        Assert.Equal(3, await _host.ScalarAsync<long>("SELECT count(*) FROM lead"));
        Assert.Equal(3, (await ImportAsync(file, "?source=crm")).Unchanged);
    }

    [Fact]
    public async Task A_company_that_another_source_told_of_is_known_by_its_domain_and_two_of_one_list_stay_two()
    {
        await _crm.FireAsync(
            Crm.Event(
                "lead.created",
                "ann",
                _host.Clock.GetUtcNow(),
                """{"company":{"externalId":"77","name":"Acme","domain":"acme.example"}}"""
            )
        );
        await _host.DrainAsync();
        var done = await ImportAsync(
            "external_id,company,company_domain\n1,Acme,acme.example\n2,Acme,acme.example\n3,Acme Two,acme.example\n"
        );

        Assert.Equal((3, 0), (done.Created, done.Refused));
        Assert.Equal(2, await _host.ScalarAsync<long>("SELECT count(*) FROM account"));
        // Which of the two is the one that was known depends on which lane is quicker.
        Assert.Equal(
            "1 2 | 3",
            await _host.ScalarAsync<string>(
                """
                SELECT string_agg(names, ' | ' ORDER BY names)
                  FROM (SELECT string_agg(i.external_id, ' ' ORDER BY i.external_id) AS names
                          FROM lead l JOIN lead_identity i ON i.lead_id = l.id AND i.source = 'import'
                         GROUP BY l.account_id) AS companies
                """
            )
        );
    }

    [Fact]
    public async Task What_a_spreadsheet_might_take_for_a_formula_goes_out_harmless_and_comes_in_as_it_was()
    {
        await _host.ChangeRulebookAsync(rulebook =>
            rulebook["customFields"] = JsonNode.Parse("""{"balance":"number"}""")
        );
        await ImportAsync(
            "external_id,email,name,company,custom.balance\n-12a,a@example.com,=cmd|x,@Work,-5.5\n",
            "?source=crm"
        );
        var file = await _host.Http.GetStringAsync("/api/exports/leads?source=crm");

        Assert.Contains("'=cmd|x", file, StringComparison.Ordinal);
        Assert.Equal(
            (0, 1),
            ((await ImportAsync(file, "?source=crm")) is var again ? (again.Created, again.Unchanged) : default)
        );
    }

    [Fact]
    public async Task A_quotation_mark_that_is_never_closed_is_a_fault_of_its_line()
    {
        using var answer = await PostAsync(
            "external_id,name\n1,Ann\n2,\"Bea\n" + string.Concat(Enumerable.Repeat("3,Cid\n", 30_000))
        );

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("quotation mark", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_may_start_tracks_with_the_proof_of_consent_it_came_with()
    {
        await ImportAsync(
            "external_id,email,stage\n1,ann@example.com,MQL\n",
            "?startTracks=true&consent=trade+fair+2026"
        );

        Assert.Single(await InboxAsync());
        Assert.Equal("trade fair 2026", await _host.ScalarAsync<string>("SELECT origin FROM consent"));
    }

    [Fact]
    public async Task A_list_brings_no_consent_back_that_was_withdrawn()
    {
        const string list = "external_id,email\n1,ann@example.com\n2,bea@example.com\n";
        await _crm.FireAsync(
            Crm.Event(
                "lead.created",
                "2",
                _host.Clock.GetUtcNow(),
                """{"consent":[{"channel":"email","granted":false}]}"""
            )
        );
        await _host.DrainAsync();
        _host.Clock.Advance(TimeSpan.FromHours(1));
        await ImportAsync(list, "?source=dev&consent=fair");
        await _crm.FireAsync(
            Crm.Event(
                "lead.updated",
                "1",
                _host.Clock.GetUtcNow(),
                """{"consent":[{"channel":"email","granted":false}]}"""
            )
        );
        await _host.DrainAsync();

        await ImportAsync("external_id,email\n3,cid@example.com\n", "?source=dev&consent=fair");
        await _crm.FireAsync(
            Crm.Event(
                "lead.updated",
                "3",
                _host.Clock.GetUtcNow(),
                """{"consent":[{"channel":"email","granted":false,"at":"2020-01-01T00:00:00Z"}]}"""
            )
        );
        await _host.DrainAsync();
        _host.Clock.Advance(TimeSpan.FromHours(1));
        var again = await ImportAsync(list, "?source=dev&consent=fair");
        Assert.Equal((0, 0, 2), (again.Created, again.Changed, again.Unchanged));
        Assert.Equal(0, await _host.ScalarAsync<long>("SELECT count(*) FROM consent WHERE granted"));

        await ImportAsync(
            $"external_id,consent,consent_at\n1,yes,{_host.Clock.GetUtcNow().AddMinutes(-1):yyyy-MM-ddTHH:mm:ssZ}\n",
            "?source=dev"
        );
        Assert.Equal(1, await _host.ScalarAsync<long>("SELECT count(*) FROM consent WHERE granted"));
    }

    [Fact]
    public async Task A_misspelt_parameter_does_nothing_at_all()
    {
        using var answer = await PostAsync("external_id,email\n1,ann@example.com\n", "?preveiw=true");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(0, await _host.ScalarAsync<long>("SELECT count(*) FROM import"));
    }

    private async Task<(string State, int Created, int Changed, int Unchanged, int Refused)> ImportAsync(
        string csv,
        string query = ""
    )
    {
        using var answer = await PostAsync(csv, query);
        Assert.True(answer.StatusCode == HttpStatusCode.Accepted, await answer.Content.ReadAsStringAsync());
        var id = (await answer.Content.ReadFromJsonAsync<JsonObject>())!["id"];
        await _host.DrainAsync();
        var done = await GetAsync($"/api/imports/{id}");
        return ($"{done["state"]}", Of("created"), Of("changed"), Of("unchanged"), Of("refused"));

        int Of(string name) => done[name]!.GetValue<int>();
    }

    private async Task<HttpResponseMessage> PostAsync(string csv, string query = "")
    {
        using var content = new StringContent(csv, Encoding.UTF8, "text/csv");
        return await _host.Http.PostAsync($"/api/imports{query}", content);
    }
}
