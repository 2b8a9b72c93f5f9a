using System.Net;
using System.Text.Json.Nodes;
using NurtureEngine.Core.People;
using NurtureEngine.IntegrationTests.Infrastructure;
using NurtureEngine.IntegrationTests.Pages;

namespace NurtureEngine.IntegrationTests.Designer;

/// <summary>From a draft to the version in force, and back.</summary>
public sealed class PublishTests(PostgresServer server) : IAsyncLifetime
{
    private const string Accepted = "?warnings=accepted";

    private Office _office = null!;
    private DesignerWindow _window = null!;

    public async ValueTask InitializeAsync()
    {
        _office = await Office.OpenAsync(server, hasShippedTracks: true);
        _window = new DesignerWindow(_office.Admin);
    }

    public ValueTask DisposeAsync() => _office.DisposeAsync();

    [Fact]
    public async Task A_draft_with_faults_is_saved_and_not_published_and_each_fault_names_its_step()
    {
        var track = await _window.OpenAsync("welcome");
        DesignerWindow.Step(track, "answer")["timeout"]!["expression"]!["value"] = "soon";
        var saved = await _window.SaveAsync(track);
        var problem = Assert.Single(saved["problems"]!.AsArray(), problem => (string?)problem!["kind"] == "fault")!;
        var refusal = await DesignerWindow.RefusalAsync(await _window.TrySaveAsync(track, publish: true));

        Assert.Equal(("answer", "An answer?"), ((string?)problem["step"], (string?)problem["place"]));
        Assert.Contains("“At most” 'soon' is no duration", (string?)problem["text"], StringComparison.Ordinal);
        Assert.Contains(refusal, sentence => sentence.Contains("'soon'", StringComparison.Ordinal));
        Assert.Equal(1, await NumberAsync("welcome"));
    }

    [Fact]
    public async Task Warnings_are_asked_about_and_published_once_they_are_accepted()
    {
        var track = await _window.OpenAsync("welcome");
        track["customProperties"]!["nurture"]!.AsObject().Remove("successor");
        track["customProperties"]!["nurture"]!.AsObject().Remove("timeLimit");
        var problems = (await _window.SaveAsync(track))["problems"]!.AsArray();
        await DesignerWindow.RefusalAsync(await _window.TrySaveAsync(track, publish: true));
        var published = (await _window.SaveAsync(track, publish: true, Accepted))["workflowDefinition"]!;

        Assert.Contains(problems, problem => (string?)problem!["code"] == "review.no_time_limit");
        Assert.Equal((2, true), ((int)published["version"]!, (bool)published["isPublished"]!));
        Assert.Equal(2, await NumberAsync("welcome"));
        Assert.Equal(0, await _office.Host.ScalarAsync<long>("SELECT count(*) FROM track_draft"));
        Assert.Equal(
            "admin",
            await _office.Host.ScalarAsync<string>("SELECT published_by FROM track_version ORDER BY id DESC LIMIT 1")
        );
        Assert.Equal(
            "admin",
            await _office.Host.ScalarAsync<string>("SELECT actor FROM audit WHERE act = 'track.published'")
        );
    }

    [Fact]
    public async Task Of_two_hosts_that_publish_at_once_one_does_and_the_other_is_told()
    {
        await using var second = await TestHost.StartAsync(
            _office.Database,
            workflows: Path.Combine(Repository.Root, "workflows"),
            templates: Path.Combine(Repository.Root, "templates")
        );
        using var elsewhere = new Visitor(second);
        foreach (var (name, value) in _office.Admin.Cookies)
        {
            elsewhere.Cookies[name] = value;
        }

        var track = await _window.OpenAsync("welcome");
        track["name"] = "Welcome at once";
        await _window.SaveAsync(track);
        var answers = await Task.WhenAll(
            _window.PostAsync($"workflow-definitions/welcome/publish{Accepted}", new JsonObject()),
            new DesignerWindow(elsewhere).PostAsync($"workflow-definitions/welcome/publish{Accepted}", new JsonObject())
        );

        // The later one finds nothing left to publish, or is told that it was overtaken.
        Assert.Contains(answers, answer => answer.StatusCode == HttpStatusCode.OK);
        Assert.All(answers, answer => Assert.True((int)answer.StatusCode < 500));
        Assert.Equal(
            2,
            await _office.Host.ScalarAsync<int>(
                "SELECT max(number) FROM track_version v JOIN track t ON t.id = v.track_id WHERE t.definition_id = 'welcome'"
            )
        );
        Assert.Equal(
            1,
            await _office.Host.ScalarAsync<long>("SELECT count(*) FROM audit WHERE act = 'track.published'")
        );
    }

    [Fact]
    public async Task A_draft_that_rests_on_an_older_version_is_not_published_over_the_newer_one()
    {
        var track = await _window.OpenAsync("welcome");
        track["name"] = "Drawn on version 1";
        await _window.SaveAsync(track);
        using var settings = await _office.Admin.FillInAsync(
            "/console/tracks/welcome",
            "settings",
            ("Form.Version", "1"),
            ("Form.Priority", "71")
        );

        var refusal = await DesignerWindow.RefusalAsync(
            await _window.PostAsync($"workflow-definitions/welcome/publish{Accepted}", new JsonObject())
        );

        Assert.Contains("in the meantime", Assert.Single(refusal), StringComparison.Ordinal);
        Assert.Equal("Drawn on version 1", (string?)(await _window.OpenAsync("welcome"))["name"]);
    }

    [Fact]
    public async Task With_four_eyes_whoever_has_drawn_a_track_does_not_publish_it()
    {
        using var changed = await _office.Host.ChangeRulebookAsync(rulebook =>
            rulebook["publishing"] = new JsonObject { ["fourEyes"] = true }
        );
        Assert.True(changed.IsSuccessStatusCode);
        using var bea = await _office.HireAsync("bea", Roles.Marketer);
        var other = new DesignerWindow(bea);
        var track = await _window.OpenAsync("welcome");
        track["name"] = "Two of us";
        await _window.SaveAsync(track);

        var path = $"workflow-definitions/welcome/publish{Accepted}";
        var refusal = await DesignerWindow.RefusalAsync(await _window.PostAsync(path, new JsonObject()));
        using var done = await other.PostAsync(path, new JsonObject());

        Assert.Contains("someone must publish it who has not drawn it", refusal[0], StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, done.StatusCode);
        Assert.Equal(2, await NumberAsync("welcome"));
    }

    [Fact]
    public async Task With_four_eyes_settings_are_a_draft_too()
    {
        using var changed = await _office.Host.ChangeRulebookAsync(rulebook =>
            rulebook["publishing"] = new JsonObject { ["fourEyes"] = true }
        );
        using var saved = await _office.Admin.FillInAsync(
            "/console/tracks/welcome",
            "settings",
            ("Form.Version", "1"),
            ("Form.Priority", "71")
        );
        using var again = await _office.Admin.FillInAsync(
            "/console/tracks/welcome",
            "settings",
            ("Form.Version", "1"),
            ("Form.Priority", "72")
        );

        Assert.Equal("/console/tracks/welcome/publish", _office.Admin.TargetOf(saved));
        Assert.Contains("has a draft of admin", await again.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(1, await NumberAsync("welcome"));
    }

    [Fact]
    public async Task A_track_that_others_lead_to_stays_in_force_and_another_is_taken_out_of_it()
    {
        var refusal = await DesignerWindow.RefusalAsync(
            await _window.PostAsync("workflow-definitions/introduction/retract", new JsonObject())
        );
        using var done = await _window.PostAsync("workflow-definitions/welcome/retract", new JsonObject());
        var draft = await _window.OpenAsync("welcome");
        var published = (await _window.SaveAsync(draft, publish: true, Accepted))["workflowDefinition"]!;

        Assert.Contains("welcome", Assert.Single(refusal), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, done.StatusCode);
        Assert.False((bool)draft["isPublished"]!);
        Assert.Equal((1, true), ((int)published["version"]!, (bool)published["isPublished"]!));
    }

    [Fact]
    public async Task An_earlier_version_is_brought_back_as_a_draft_and_published_by_its_number()
    {
        var track = await _window.OpenAsync("welcome");
        track["name"] = "Second";
        await _window.SaveAsync(track, publish: true, Accepted);
        using var reverted = await _window.PostAsync("workflow-definitions/welcome/revert/1", new JsonObject());
        var draft = await _window.OpenAsync("welcome");
        var versions = await _window.ReadAsync(
            "workflow-definitions?versionOptions=AllVersions&DefinitionIds=welcome&OrderBy=Version&OrderDirection=Descending"
        );
        using var back = await _window.PostAsync($"workflow-definitions/welcome/publish{Accepted}", new JsonObject());

        Assert.Equal(HttpStatusCode.OK, reverted.StatusCode);
        Assert.Equal("Welcome", (string?)draft["name"]);
        Assert.Equal([3, 2, 1], versions["items"]!.AsArray().Select(version => (int)version!["version"]!));
        Assert.Equal(1, await NumberAsync("welcome"));
    }

    [Fact]
    public async Task Published_versions_are_kept_and_a_draft_can_be_discarded()
    {
        var track = await _window.OpenAsync("welcome");
        track["name"] = "Second thoughts";
        var id = (string)(await _window.SaveAsync(track))["workflowDefinition"]!["id"]!;

        Assert.Contains(
            "is kept",
            Assert.Single(await DesignerWindow.RefusalAsync(await _window.DeleteAsync("workflow-definitions/welcome"))),
            StringComparison.Ordinal
        );
        await DesignerWindow.RefusalAsync(
            await _window.DeleteAsync($"workflow-definition-versions/{(string)track["id"]!}")
        );
        using var gone = await _window.DeleteAsync($"workflow-definition-versions/{id}");
        Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);
        Assert.Equal("Welcome", (string?)(await _window.OpenAsync("welcome"))["name"]);
    }

    [Fact]
    public async Task What_is_exported_is_what_is_imported()
    {
        using var file = await _office.Admin.GetAsync("/elsa/api/workflow-definitions/welcome/export?versionOptions=1");
        var text = await file.Content.ReadAsStringAsync();
        using var imported = await _window.PostAsync("workflow-definitions/import", JsonNode.Parse(text)!);
        var again = await DesignerWindow.RefusalAsync(
            await _window.PostAsync("workflow-definitions/import", JsonNode.Parse(text)!)
        );

        Assert.Equal("welcome.json", file.Content.Headers.ContentDisposition!.FileName);
        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "workflows", "welcome.json")), text);
        Assert.Equal(HttpStatusCode.OK, imported.StatusCode);
        Assert.Equal(text, await _office.Host.ScalarAsync<string>("SELECT definition FROM track_draft"));
        Assert.Contains("has a draft of admin", Assert.Single(again), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sample_links_and_what_a_team_can_not_do_are_told_before_it_is_published()
    {
        using var changed = await _office.Host.ChangeRulebookAsync(rulebook =>
            rulebook["publishing"] = new JsonObject { ["callsPerDay"] = 1, ["approvalsPerDay"] = 1 }
        );
        Assert.True(changed.IsSuccessStatusCode);
        var crm = await Crm.ForAsync(_office.Host.Http, _office.Host.Database);
        foreach (var number in Enumerable.Range(1, 40))
        {
            using var fired = await crm.FireAsync(
                Crm.StageChange($"lead{number}", "RL", _office.Host.Clock.GetUtcNow(), tier: "T2")
            );
        }

        await _office.Host.DrainAsync();
        var track = await _window.OpenAsync("welcome");
        track["name"] = "Welcome again";
        var codes = (await _window.SaveAsync(track))["problems"]!
            .AsArray()
            .Select(problem => (string?)problem!["code"])
            .ToHashSet();

        Assert.Contains("review.calls", codes);
        Assert.Contains("review.approvals", codes);
        Assert.Contains("review.sample_link", codes);
        var page = await _office.Admin.ReadAsync("/console/tracks/welcome/publish");
        Assert.Contains("northwind.example", page, StringComparison.Ordinal);
        Assert.Contains("calls a day would be asked for", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_copy_says_that_its_origin_gets_the_leads_first()
    {
        using var made = await _office.Admin.FillInAsync(
            "/console/tracks/new",
            "new",
            ("Name", "My welcome"),
            ("From", "welcome")
        );
        var problems = (await _window.ReadAsync("workflow-definitions/my-welcome/problems"))["problems"]!.AsArray();
        var rival = Assert.Single(problems, problem => (string?)problem!["code"] == "review.rival")!;

        Assert.StartsWith(
            "The track Welcome starts by the same event",
            (string?)rival["text"],
            StringComparison.Ordinal
        );
    }

    private Task<int> NumberAsync(string definitionId) =>
        _office.Host.ScalarAsync<int>(
            "SELECT v.number FROM track_version v JOIN track t ON t.id = v.track_id WHERE v.is_current AND t.definition_id = @definitionId",
            new { definitionId }
        );
}
