using System.Net;
using System.Text.Json.Nodes;
using NurtureEngine.Core.People;
using NurtureEngine.IntegrationTests.Infrastructure;
using NurtureEngine.IntegrationTests.Pages;

namespace NurtureEngine.IntegrationTests.Designer;

/// <summary>Drafts: saved as they are drawn, never run, and never lost to another editor.</summary>
public sealed class DraftTests(PostgresServer server) : IAsyncLifetime
{
    private Office _office = null!;
    private DesignerWindow _window = null!;

    public async ValueTask InitializeAsync()
    {
        _office = await Office.OpenAsync(server, hasShippedTracks: true);
        _window = new DesignerWindow(_office.Admin);
    }

    public ValueTask DisposeAsync() => _office.DisposeAsync();

    [Fact]
    public async Task What_is_saved_is_a_draft_and_the_version_in_force_stays_as_it_was()
    {
        var track = await _window.OpenAsync("welcome");
        track["name"] = "Welcome, drawn anew";
        var saved = (await _window.SaveAsync(track))["workflowDefinition"]!.AsObject();
        var again = await _window.OpenAsync("welcome");
        var inForce = await _window.ReadAsync("workflow-definitions/by-definition-id/welcome?versionOptions=Published");

        Assert.Equal("Welcome, drawn anew", (string?)again["name"]);
        Assert.Equal((2, true, false), State(again));
        Assert.True(JsonNode.DeepEquals(saved, again));
        Assert.Equal("Welcome", (string?)inForce["name"]);
        Assert.Equal((1, false, true), State(inForce));
        Assert.Equal(
            1,
            await _office.Host.ScalarAsync<long>(
                "SELECT count(*) FROM track_version v JOIN track t ON t.id = v.track_id WHERE t.definition_id = 'welcome'"
            )
        );
    }

    [Fact]
    public async Task Each_shipped_track_is_saved_unchanged_however_the_designer_shuffles_it()
    {
        var list = await _window.ReadAsync("workflow-definitions?versionOptions=Latest");
        foreach (var summary in list["items"]!.AsArray())
        {
            var track = await _window.OpenAsync((string)summary!["definitionId"]!);
            var root = track["root"]!.AsObject();
            root["activities"] = new JsonArray([
                .. root["activities"]!.AsArray().Reverse().Select(step => step!.DeepClone()),
            ]);
            foreach (var step in root["activities"]!.AsArray())
            {
                step!["metadata"]!["designer"]!["size"] = new JsonObject { ["width"] = 217.5, ["height"] = 54.0 };
            }

            foreach (var line in root["connections"]!.AsArray())
            {
                line!["vertices"] = new JsonArray();
            }

            var saved = (await _window.SaveAsync(track))["workflowDefinition"]!;

            Assert.Equal(1, (int)saved["version"]!);
            Assert.True((bool)saved["isPublished"]!, (string?)track["definitionId"]);
        }

        Assert.Equal(0, await _office.Host.ScalarAsync<long>("SELECT count(*) FROM track_draft"));
    }

    [Fact]
    public async Task A_change_leaves_everything_else_as_it_was_to_the_letter()
    {
        var before = await StoredAsync(
            "SELECT v.definition FROM track_version v JOIN track t ON t.id = v.track_id WHERE t.definition_id = 'welcome'"
        );
        before["futureMember"] = new JsonObject { ["kept"] = 1 };
        before["root"]!["activities"]![0]!["futureInput"] = "kept too";
        await ImportAsync(before);
        var track = await _window.OpenAsync("welcome");
        track.Remove("futureMember");
        DesignerWindow.Step(track, "answer")["timeout"]!["expression"]!["value"] = "7d";
        await _window.SaveAsync(track);
        var after = await StoredAsync("SELECT definition FROM track_draft");

        DesignerWindow.Step(before, "answer")["timeout"]!["expression"]!["value"] = "7d";
        Assert.Equal(Canonical(before), Canonical(after));
    }

    [Fact]
    public async Task Of_two_editors_the_second_is_told_and_can_keep_its_own_as_another_track()
    {
        using var bea = await _office.HireAsync("bea", Roles.Marketer);
        var other = new DesignerWindow(bea);
        var (mine, hers) = (await _window.OpenAsync("welcome"), await other.OpenAsync("welcome"));
        (mine["name"], hers["name"]) = ("Mine", "Hers");
        await other.SaveAsync(hers);

        var told = Assert.Single(await DesignerWindow.RefusalAsync(await _window.TrySaveAsync(mine)));
        Assert.Contains("bea", told, StringComparison.Ordinal);
        Assert.Equal("Hers", (string?)(await _window.OpenAsync("welcome"))["name"]);

        (mine["id"], mine["definitionId"]) = (null, null);
        var copy = (await _window.SaveAsync(mine))["workflowDefinition"]!;
        Assert.Equal("mine", (string?)copy["definitionId"]);

        // Whoever has seen the latest revision goes on with it, and the first is told in turn.
        var seen = await _window.OpenAsync("welcome");
        seen["name"] = "Ours";
        await _window.SaveAsync(seen);
        hers["name"] = "Hers again";
        await DesignerWindow.RefusalAsync(await other.TrySaveAsync(hers));
        Assert.Equal("Ours", (string?)(await other.OpenAsync("welcome"))["name"]);
    }

    [Fact]
    public async Task One_page_may_send_several_saves_before_the_first_is_answered()
    {
        var track = await _window.OpenAsync("drip");
        var names = Enumerable.Range(1, 4).Select(number => $"Drip {number}").ToList();
        await Task.WhenAll(
            names.Select(name =>
            {
                var copy = track.DeepClone().AsObject();
                copy["name"] = name;
                return _window.SaveAsync(copy);
            })
        );

        Assert.Contains((string)(await _window.OpenAsync("drip"))["name"]!, names);
    }

    [Fact]
    public async Task A_save_that_empties_a_track_or_drops_steps_of_unknown_types_is_refused()
    {
        var track = await _window.OpenAsync("welcome");
        track["root"]!["activities"] = new JsonArray();
        track["root"]!["connections"] = new JsonArray();
        Assert.Contains(
            "no step would be left",
            Assert.Single(await DesignerWindow.RefusalAsync(await _window.TrySaveAsync(track))),
            StringComparison.Ordinal
        );

        var foreign = await StoredAsync(
            "SELECT v.definition FROM track_version v JOIN track t ON t.id = v.track_id WHERE t.definition_id = 'drip'"
        );
        var steps = foreign["root"]!["activities"]!.AsArray();
        steps[0]!["type"] = "Elsa.HttpEndpoint";
        steps[0]!["version"] = 3;
        var (id, name) = ((string)steps[0]!["id"]!, (string)steps[0]!["name"]!);
        await ImportAsync(foreign);
        var shown = await _window.OpenAsync("drip");
        Assert.Equal("Elsa.NotFoundActivity", (string?)DesignerWindow.Step(shown, id)["type"]);

        var dropped = shown.DeepClone().AsObject();
        dropped["root"]!["activities"]!.AsArray().Remove(DesignerWindow.Step(dropped, id));
        Assert.Contains(
            name,
            Assert.Single(await DesignerWindow.RefusalAsync(await _window.TrySaveAsync(dropped))),
            StringComparison.Ordinal
        );

        shown["name"] = "Renamed";
        await _window.SaveAsync(shown);
        var kept = DesignerWindow.Step(await StoredAsync("SELECT definition FROM track_draft"), id);
        Assert.Equal(("Elsa.HttpEndpoint", 3), ((string?)kept["type"], (int)kept["version"]!));
        Assert.False(kept.ContainsKey("missingTypeName"));
    }

    [Fact]
    public async Task A_new_track_is_complete_and_takes_no_id_that_is_there()
    {
        var model = new JsonObject
        {
            ["id"] = null,
            ["definitionId"] = null,
            ["name"] = "Welcome",
            ["variables"] = null,
            ["root"] = new JsonObject
            {
                ["id"] = "a2c8daef09c0beaf",
                ["type"] = "Elsa.Flowchart",
                ["version"] = 1,
                ["name"] = "Flowchart1",
            },
        };
        var saved = (await _window.SaveAsync(model))["workflowDefinition"]!;

        Assert.Equal("welcome-2", (string?)saved["definitionId"]);
        Assert.Empty(saved["root"]!["activities"]!.AsArray());
        Assert.NotEqual("", (string?)saved["root"]!["nodeId"]);
        Assert.Contains(saved["links"]!.AsArray(), link => (string?)link!["rel"] == "publish");
        Assert.False(
            (bool)(await _window.ReadAsync("workflow-definitions/validation/is-name-unique?name=welcome"))["isUnique"]!
        );

        using var gone = await _window.DeleteAsync("workflow-definitions/welcome-2");
        Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);
    }

    [Fact]
    public async Task What_the_designer_does_not_know_of_variables_lines_and_unknown_steps_survives_changes_and_copies()
    {
        var foreign = await StoredAsync(
            "SELECT v.definition FROM track_version v JOIN track t ON t.id = v.track_id WHERE t.definition_id = 'drip'"
        );
        foreign["variables"] = new JsonArray(
            new JsonObject
            {
                ["id"] = "v",
                ["name"] = "v",
                ["future"] = 1,
            },
            new JsonObject { ["id"] = "w", ["name"] = "w" }
        );
        var line = foreign["root"]!["connections"]![0]!.AsObject();
        line["future"] = 2;
        var step = foreign["root"]!["activities"]![0]!.AsObject();
        (step["type"], step["version"]) = ("Elsa.HttpEndpoint", 3);
        await ImportAsync(foreign);
        var shown = await _window.OpenAsync("drip");
        // As Studio's own classes do.
        foreach (var variable in shown["variables"]!.AsArray())
        {
            variable!.AsObject().Remove("future");
        }

        shown["variables"]![1]!["value"] = "x";
        var sent = shown["root"]!["connections"]!.AsArray().Single(one => one!["future"] is not null)!.AsObject();
        sent.Remove("future");
        sent["vertices"] = new JsonArray(new JsonObject { ["x"] = 1, ["y"] = 2 });
        await _window.SaveAsync(shown);
        var kept = await StoredAsync("SELECT definition FROM track_draft");
        (shown["id"], shown["definitionId"], shown["name"]) = (null, null, "Drip again");
        await _window.SaveAsync(shown);
        var copied = await StoredAsync("SELECT definition FROM track_draft WHERE definition_id = 'drip-again'");

        Assert.Equal(1, (int)kept["variables"]![0]!["future"]!);
        Assert.Contains(kept["root"]!["connections"]!.AsArray(), one => (int?)one!["future"] == 2);
        var copy = DesignerWindow.Step(copied, (string)step["id"]!);
        Assert.Equal(("Elsa.HttpEndpoint", 3), ((string?)copy["type"], (int)copy["version"]!));
    }

    [Fact]
    public async Task A_flow_within_a_flow_is_read_by_itself_and_with_the_way_to_it()
    {
        var nested = new JsonObject
        {
            ["id"] = "inner",
            ["type"] = "Elsa.Flowchart",
            ["activities"] = new JsonArray(new JsonObject { ["id"] = "deep", ["type"] = "Elsa.End" }),
        };
        var track = new JsonObject
        {
            ["name"] = "Nested",
            ["root"] = new JsonObject
            {
                ["id"] = "outer",
                ["type"] = "Elsa.Flowchart",
                ["activities"] = new JsonArray(nested),
            },
        };
        var id = (string)(await _window.SaveAsync(track))["workflowDefinition"]!["id"]!;
        var inner = await _window.ReadAsync($"workflow-definitions/subgraph/{id}?parentNodeId=Workflow1:outer:inner");
        var way = await _window.ReadAsync(
            $"workflow-definitions/subgraph/segments/{id}?childNodeId=Workflow1:outer:inner:deep"
        );
        using var gone = await _office.Admin.GetAsync($"/elsa/api/workflow-definitions/subgraph/{id}?parentNodeId=x");

        Assert.Equal("deep", (string?)inner["children"]![0]!["activity"]!["id"]);
        Assert.Equal("inner", (string?)Assert.Single(way["pathSegments"]!.AsArray())!["activityId"]);
        Assert.Equal("deep", (string?)way["childNode"]!["activity"]!["id"]);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("""{"model":{"name":"A picture"}}""")]
    [InlineData("""{"model":{"name":"A state machine","root":{"id":"a","type":"Elsa.StateMachine"}}}""")]
    [InlineData("""{"model":{"root":{"id":"a","type":"Elsa.Flowchart"}}}""")]
    [InlineData(
        """{"model":{"name":"Odd","root":{"id":"a","type":"Elsa.Flowchart","connections":[{"source":"a","target":"b"}]}}}"""
    )]
    [InlineData(
        """{"model":{"name":"Odd","root":{"id":"a","type":"Elsa.Flowchart","activities":[{"id":"b","type":"Elsa.End","metadata":"x"}]}}}"""
    )]
    [InlineData("""{"model":{"name":"Odd","root":{"id":"a","type":"Elsa.Flowchart","activities":[1]}}}""")]
    [InlineData("""{"model":{"name":"Odd","customProperties":[],"root":{"id":"a","type":"Elsa.Flowchart"}}}""")]
    [InlineData("""{"model":{"name":"Odd","variables":[null],"root":{"id":"a","type":"Elsa.Flowchart"}}}""")]
    public async Task What_is_no_definition_is_refused_with_a_reason(string body)
    {
        using var answer = await _office.Admin.SendJsonAsync(HttpMethod.Post, "/elsa/api/workflow-definitions", body);

        Assert.NotEmpty(Assert.Single(await DesignerWindow.RefusalAsync(answer)));
        Assert.Equal(0, await _office.Host.ScalarAsync<long>("SELECT count(*) FROM track_draft"));
    }

    [Fact]
    public async Task A_definition_of_five_megabytes_is_refused_and_nothing_is_lost()
    {
        var track = await _window.OpenAsync("welcome");
        track["description"] = new string('x', 5_000_000);

        Assert.Contains(
            "2048 KB",
            Assert.Single(await DesignerWindow.RefusalAsync(await _window.TrySaveAsync(track))),
            StringComparison.Ordinal
        );
        Assert.Equal((1, true, true), State(await _window.OpenAsync("welcome")));
    }

    [Fact]
    public async Task Readers_and_other_sites_change_nothing()
    {
        var track = await _window.OpenAsync("welcome");
        track["name"] = "Taken over";
        var body = new JsonObject { ["model"] = track }.ToJsonString();
        using var reader = await _office.HireAsync("rita", Roles.Reader);
        using var refused = await reader.SendJsonAsync(HttpMethod.Post, "/elsa/api/workflow-definitions", body);
        using var elsewhere = await _office.Admin.SendJsonAsync(
            HttpMethod.Post,
            "/elsa/api/workflow-definitions",
            body,
            ("Sec-Fetch-Site", "cross-site")
        );
        var shown = await new DesignerWindow(reader).OpenAsync("welcome");

        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, elsewhere.StatusCode);
        Assert.DoesNotContain(shown["links"]!.AsArray(), link => (string?)link!["rel"] == "publish");
        Assert.Equal(0, await _office.Host.ScalarAsync<long>("SELECT count(*) FROM track_draft"));
    }

    private async Task ImportAsync(JsonObject definition)
    {
        using var answer = await _window.PostAsync("workflow-definitions/import", definition);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private async Task<JsonObject> StoredAsync(string sql) =>
        JsonNode.Parse(await _office.Host.ScalarAsync<string>(sql))!.AsObject();

    private static string Canonical(JsonObject definition) =>
        System.Text.Encoding.UTF8.GetString(
            Core.Tracks.Definitions.CanonicalDefinition.TryWrite(
                System.Text.Encoding.UTF8.GetBytes(definition.ToJsonString())
            )!
        );

    private static (int Version, bool IsLatest, bool IsPublished) State(JsonObject definition) =>
        ((int)definition["version"]!, (bool)definition["isLatest"]!, (bool)definition["isPublished"]!);
}
