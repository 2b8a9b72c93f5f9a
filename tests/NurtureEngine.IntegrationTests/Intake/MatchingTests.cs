using System.Text.Json.Nodes;
using NurtureEngine.IntegrationTests.Infrastructure;

namespace NurtureEngine.IntegrationTests.Intake;

/// <summary>Who is meant: leads and companies by their names, addresses and domains; and what senders write, in one form.</summary>
public sealed class MatchingTests(PostgresServer server) : HostTests(server)
{
    [Fact]
    public async Task What_senders_write_is_kept_in_one_form()
    {
        await _host.ChangeRulebookAsync(rulebook =>
        {
            rulebook["roles"] = JsonNode.Parse("""[{"role":"DecisionMaker","titles":["CTO","总经理"]}]""");
            rulebook["customFields"] = JsonNode.Parse("""{"seats":"number","plan":["Free","Pro"]}""");
        });
        await _crm.FireAsync(
            Crm.Event(
                "lead.created",
                "ann",
                Now,
                """{"phone":"(030) 123 45-67","country":"Germany","language":"zh_cn","title":"Interim CTO","tags":["VIP","vip"],"custom":{"seats":"12","plan":"pro"}}"""
            )
        );
        await _host.DrainAsync();

        var fields = JsonNode.Parse(await _host.ScalarAsync<string>("SELECT fields::text FROM lead"))!;
        Assert.Equal(
            ("+49301234567", "DE", "zh-CN", "DecisionMaker", "[\"VIP\"]", "12", "\"Pro\""),
            (
                $"{fields["phone"]}",
                $"{fields["country"]}",
                $"{fields["language"]}",
                $"{fields["role_by_title"]}",
                $"{fields["tags"]}",
                $"{fields["custom.seats"]}",
                $"{fields["custom.plan"]}"
            )
        );
    }

    [Fact]
    public async Task A_custom_value_of_the_wrong_type_is_a_dead_letter_that_names_it()
    {
        await _host.ChangeRulebookAsync(rulebook =>
            rulebook["customFields"] = JsonNode.Parse("""{"seats":"number"}""")
        );
        await _crm.FireAsync(Crm.Event("lead.created", "ann", Now, """{"custom":{"seats":"many"}}"""));
        await _host.DrainAsync();

        Assert.Equal(
            "custom.invalid seats: expected a number",
            await _host.ScalarAsync<string>("SELECT fault_code || ' ' || fault FROM inbox")
        );
    }

    [Fact]
    public async Task A_lead_of_whom_no_company_is_told_belongs_to_that_of_its_domain_until_one_is()
    {
        await _crm.FireAsync(
            Crm.Event(
                "lead.created",
                "ann",
                Now,
                """{"email":"ann@acme.example","company":{"externalId":"1","name":"Acme","domain":"https://www.acme.example/about"}}"""
            )
        );
        await _crm.FireAsync(
            Crm.Event(
                "lead.created",
                "free",
                Now,
                """{"email":"free@gmail.com","company":{"externalId":"2","name":"G","domain":"gmail.com"}}"""
            )
        );
        await _host.DrainAsync();
        await _crm.FireAsync(Crm.Event("lead.created", "bea", Now, """{"email":"Bea@ACME.example"}"""));
        await _crm.FireAsync(Crm.Event("lead.created", "cid", Now, """{"email":"cid@gmail.com"}"""));
        await _host.DrainAsync();

        Assert.Equal(("Acme", null), (await CompanyOfAsync("bea"), await CompanyOfAsync("cid")));

        await _crm.FireAsync(
            Crm.Event("lead.updated", "bea", Now.AddMinutes(-30), """{"company":{"externalId":"3","name":"Beta"}}""")
        );
        await _host.DrainAsync();
        Assert.Equal("Beta", await CompanyOfAsync("bea"));
    }

    [Fact]
    public async Task A_shared_address_never_makes_one_lead_of_two()
    {
        await _crm.FireAsync(Crm.Event("lead.created", "ann", Now, """{"email":"office@acme.example"}"""));
        await _host.DrainAsync();
        await _crm.FireAsync(Crm.Event("lead.created", "bea", Now, """{"email":"office@acme.example"}"""));
        await _host.DrainAsync();

        Assert.Equal(2, await _host.ScalarAsync<long>("SELECT count(*) FROM lead"));
    }

    [Fact]
    public async Task Of_two_ids_of_one_source_the_first_gets_the_lead_that_only_its_address_named()
    {
        using var list = new StringContent("email\noffice@acme.example\n", System.Text.Encoding.UTF8, "text/csv");
        using var answer = await _host.Http.PostAsync("/api/imports", list);
        await _host.DrainAsync();
        // All of one lane, and so of one batch.
        var ids = Enumerable
            .Range(0, 1_000)
            .Where(i => Core.Intake.Lanes.Of(new Core.Leads.ExternalKey("dev", $"{i}")) == 0)
            .Take(3);
        foreach (var id in ids)
        {
            await _crm.FireAsync(Crm.Event("lead.created", $"{id}", Now, """{"email":"office@acme.example"}"""));
        }

        await _host.DrainAsync();

        Assert.Equal(3, await _host.ScalarAsync<long>("SELECT count(*) FROM lead"));
        Assert.Equal(
            1,
            await _host.ScalarAsync<long>(
                "SELECT count(*) FROM (SELECT lead_id FROM lead_identity GROUP BY 1 HAVING count(*) = 2) AS both_names"
            )
        );
    }

    [Fact]
    public async Task An_id_that_is_used_again_brings_a_deleted_lead_back()
    {
        await _crm.FireAsync(Crm.StageChange("ann", "MQL", Now));
        await _crm.FireAsync(Crm.Event("lead.deleted", "ann", Now.AddMinutes(1)));
        await _host.DrainAsync();
        Assert.Equal(0, await _host.ScalarAsync<long>("SELECT count(*) FROM enrollment WHERE state = 0"));
        await _crm.FireAsync(Crm.Event("lead.updated", "ann", Now.AddMinutes(2), """{"name":"still gone"}"""));
        await _host.DrainAsync();
        Assert.Equal(1, await _host.ScalarAsync<long>("SELECT count(*) FROM lead WHERE deleted_at IS NOT NULL"));
        await _crm.FireAsync(Crm.Event("lead.created", "ann", Now.AddMinutes(3), """{"name":"back"}"""));
        await _host.DrainAsync();

        Assert.Equal(
            "back",
            await _host.ScalarAsync<string>("SELECT fields->>'name' FROM lead WHERE deleted_at IS NULL")
        );
    }

    [Fact]
    public async Task Opportunities_belong_to_companies_and_leads_and_are_shown_with_them()
    {
        await _crm.FireAsync(
            Crm.Event(
                "deal.stage_changed",
                "ann",
                Now,
                """{"email":"ann@acme.example","company":{"externalId":"1","name":"Acme"}}""",
                """{"deal":{"externalId":"D1","name":"Seats","stage":"Proposal","value":{"amount":9000,"currency":"EUR"},"contacts":["bea"]}}"""
            )
        );
        await _host.DrainAsync();
        var late = Crm.Event(
            "deal.won",
            "x",
            Now.AddMinutes(-5),
            data: """{"deal":{"externalId":"D1","status":"won","stage":"Old"}}"""
        );
        late["data"]!.AsObject().Remove("lead");
        using var answer = await _crm.FireAsync(late);
        await _host.DrainAsync();

        var id = await _host.ScalarAsync<long>("SELECT id FROM lead");
        var deal = (await GetAsync($"/api/leads/{id}/opportunities"))["items"]![0]!;
        Assert.Equal(
            ("Proposal", "won", "9000 EUR", "Acme"),
            (
                $"{deal["fields"]!["stage"]}",
                $"{deal["fields"]!["status"]}",
                $"{deal["fields"]!["value"]}",
                $"{deal["account"]}"
            )
        );
    }

    [Fact]
    public async Task What_people_found_out_is_kept_with_its_source_and_read_by_templates()
    {
        await _crm.FireAsync(
            Crm.Event(
                "lead.created",
                "ann",
                Now,
                """{"email":"ann@acme.example","card":{"person":{"fact":"spoke at the fair","source":"programme","at":"2026-01-02T00:00:00Z"}},"company":{"externalId":"1","name":"Acme","dossier":{"leadership":[{"text":"New CEO","source":"press","at":"2026-01-02T00:00:00Z"}]}}}"""
            )
        );
        await _host.DrainAsync();
        var id = await _host.ScalarAsync<long>("SELECT id FROM lead");
        var lead = await GetAsync($"/api/leads/{id}");

        Assert.Equal("programme", $"{lead["fields"]!["card.person"]!["source"]}");
        Assert.Equal("New CEO", $"{lead["account"]!["dossier.leadership"]![0]!["text"]}");
    }

    private DateTimeOffset Now => _host.Clock.GetUtcNow();

    private Task<string?> CompanyOfAsync(string lead) =>
        _host.ScalarAsync<string?>(
            "SELECT a.fields->>'name' FROM lead_identity i JOIN lead l ON l.id = i.lead_id LEFT JOIN account a ON a.id = l.account_id WHERE i.external_id = @lead",
            new { lead }
        );
}
