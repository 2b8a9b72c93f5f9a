using System.Net;
using System.Text.Json.Nodes;
using NurtureEngine.Core.People;
using NurtureEngine.Core.Tracks.Activities;
using NurtureEngine.IntegrationTests.Infrastructure;
using NurtureEngine.IntegrationTests.Pages;

namespace NurtureEngine.IntegrationTests.Designer;

/// <summary>The API that Elsa Studio calls.</summary>
public sealed class DesignerApiTests(PostgresServer server) : IAsyncLifetime
{
    private Office _office = null!;

    public async ValueTask InitializeAsync() => _office = await Office.OpenAsync(server);

    public ValueTask DisposeAsync() => _office.DisposeAsync();

    [Theory]
    [InlineData("en", "Send e-mail", "Messages", "Timed out")]
    [InlineData("zh-CN", "发送邮件", "消息", "超时")]
    public async Task Every_activity_has_a_descriptor_in_the_readers_language(
        string language,
        string name,
        string category,
        string port
    )
    {
        _office.Admin.Language = language;
        var items = (await ReadAsync("descriptors/activities?Refresh=True"))["items"]!.AsArray();
        var mail = items.Single(item => (string?)item!["typeName"] == "Nurture.SendEmail")!;

        Assert.Equal(
            ActivityTypes.All.Keys.Append("Elsa.NotFoundActivity").Order(),
            items.Select(item => (string)item!["typeName"]!).Order()
        );
        Assert.Equal(name, (string?)mail["displayName"]);
        Assert.Equal(category, (string?)mail["category"]);
        Assert.All(mail["inputs"]!.AsArray(), input => Assert.True((bool)input!["isBrowsable"]!));
        Assert.Contains(
            items.SelectMany(item => item!["ports"]!.AsArray()),
            one => (string?)one!["displayName"] == port
        );
        Assert.DoesNotContain(items, item => string.IsNullOrEmpty((string?)item!["displayName"]));
    }

    [Theory]
    [InlineData("Nurture.SendEmail", "TemplateId", "welcome-hello")]
    [InlineData("Nurture.LeadStageChanged", "Stage", "MQL")]
    [InlineData("Nurture.MoveToTrack", "Track", "welcome")]
    [InlineData("Nurture.AddEvidence", "Criterion", "Budget")]
    [InlineData("Nurture.WaitForEngagement", "Engagement", "click")]
    [InlineData("Nurture.BranchByStage", "LifeCycle", "customer")]
    public async Task What_can_be_chosen_is_offered_as_it_is_now(string type, string input, string value)
    {
        var offered = (await InputAsync(type, input))["uiSpecifications"]!["dropdown"]!["selectList"]!["items"]!;

        Assert.Contains(offered.AsArray(), item => (string?)item!["value"] == value);
    }

    [Fact]
    public async Task Every_activity_and_every_input_says_what_it_is_for_in_both_languages()
    {
        foreach (var type in ActivityTypes.All.Values)
        {
            Assert.NotEqual("", type.Help.English);
            Assert.NotEqual(type.Help.English, type.Help.Chinese);
            Assert.All(type.Inputs, input => Assert.NotEqual("", input.Help.English));
            Assert.All(type.Inputs, input => Assert.NotEqual(input.Help.English, input.Help.Chinese));
        }

        _office.Admin.Language = "zh-CN";
        Assert.Equal("要发送的内容。", (string?)(await InputAsync("Nurture.SendEmail", "TemplateId"))["description"]);
    }

    [Fact]
    public async Task A_step_that_was_just_drawn_has_its_ways_out()
    {
        var items = (await ReadAsync("descriptors/activities"))["items"]!.AsArray();
        string? Preset(string type, string input) =>
            (string?)
                items.Single(item => (string?)item!["typeName"] == type)!["constructionProperties"]![input]![
                    "expression"
                ]!["value"];

        Assert.Equal("""["A","B"]""", Preset("Nurture.SplitTest", "portNames"));
        Assert.Equal("""["A:50","B:50"]""", Preset("Nurture.SplitTest", "arms"));
        Assert.Contains("\"MQL\"", Preset("Nurture.BranchByStage", "portNames"), StringComparison.Ordinal);
        Assert.Contains("DecisionMaker", Preset("Nurture.BranchByRole", "roles"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_track_is_complete_and_can_be_edited()
    {
        var list = await ReadAsync("workflow-definitions?versionOptions=LatestOrPublished");
        var types = ActivityTypes.All.Keys.ToHashSet();
        foreach (var summary in list["items"]!.AsArray())
        {
            var track = await ReadAsync(
                $"workflow-definitions/by-definition-id/{summary!["definitionId"]}?versionOptions=Latest"
            );
            var same = await ReadAsync($"workflow-definitions/by-id/{track["id"]}");

            Assert.True(JsonNode.DeepEquals(track, same));
            Assert.Contains(track["links"]!.AsArray(), link => (string?)link!["rel"] == "publish");
            Assert.NotNull(track["customProperties"]!["nurture"]);
            Assert.All(NodesOf(track["root"]!), node => Assert.Contains((string)node["type"]!, types));
            Assert.All(NodesOf(track["root"]!), node => Assert.NotEqual("", (string?)node["nodeId"] ?? ""));
        }

        Assert.Equal((int)list["totalCount"]!, list["items"]!.AsArray().Count);
    }

    [Fact]
    public async Task The_versions_of_a_track_are_listed_and_an_earlier_one_can_be_read()
    {
        using var saved = await _office.Admin.FillInAsync(
            "/console/tracks/welcome",
            "settings",
            ("Form.Version", "1"),
            ("Form.Priority", "71")
        );
        var versions = await ReadAsync(
            "workflow-definitions?versionOptions=AllVersions&DefinitionIds=welcome&OrderBy=Version&OrderDirection=Descending&Page=0&PageSize=10"
        );
        var first = await ReadAsync("workflow-definitions/by-definition-id/welcome?versionOptions=1");

        Assert.Equal([2, 1], versions["items"]!.AsArray().Select(item => (int)item!["version"]!));
        Assert.Equal([true, false], versions["items"]!.AsArray().Select(item => (bool)item!["isLatest"]!));
        Assert.Equal(1, (int)first["version"]!);
        Assert.False((bool)first["isLatest"]!);
    }

    [Theory]
    [InlineData("descriptors/expression-descriptors")]
    [InlineData("descriptors/workflow-activation-strategies")]
    [InlineData("descriptors/incident-strategies")]
    [InlineData("descriptors/log-persistence-strategies")]
    [InlineData("descriptors/commit-strategies/workflows")]
    [InlineData("descriptors/commit-strategies/activities")]
    [InlineData("descriptors/storage-drivers")]
    [InlineData("descriptors/variables")]
    [InlineData("features/installed")]
    public async Task What_the_engine_does_not_have_is_an_empty_list_and_no_error(string path) =>
        Assert.NotNull((await ReadAsync(path))["items"]);

    [Theory]
    [InlineData("workflow-definitions/by-definition-id/nothing?versionOptions=Latest")]
    [InlineData("workflow-definitions/by-definition-id/welcome?versionOptions=99")]
    [InlineData("workflow-definitions/by-id/v999999")]
    [InlineData("workflow-definitions/by-id/welcome")]
    public async Task Unknown_tracks_and_versions_are_not_found(string path)
    {
        using var answer = await _office.Admin.GetAsync($"/elsa/api/{path}");

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task Tracks_are_read_with_a_session_or_a_key_that_allows_it()
    {
        using var stranger = new Visitor(_office.Host);
        using var api = await stranger.GetAsync("/elsa/api/descriptors/activities");
        using var page = await stranger.GetAsync("/studio/workflows/definitions/welcome/edit");
        using var key = await _office.ApiOfAsync(null);
        using var read = await key.GetAsync("/elsa/api/descriptors/activities");
        using var saved = await key.PostAsync("/elsa/api/workflow-definitions", new StringContent("{}"));

        Assert.Equal(HttpStatusCode.Unauthorized, api.StatusCode);
        Assert.StartsWith("/console/sign-in", stranger.TargetOf(page), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, read.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, saved.StatusCode);
    }

    [Theory]
    [InlineData("_framework/blazor.webassembly.js", "text/javascript; charset=utf-8", "no-cache")]
    [InlineData("_content/MudBlazor/MudBlazor.min.css", "text/css; charset=utf-8", "no-cache")]
    public async Task Files_come_compressed_and_are_not_sent_twice(string name, string type, string cache)
    {
        using var http = new HttpClient { BaseAddress = _office.Host.Http.BaseAddress };
        http.DefaultRequestHeaders.AcceptEncoding.ParseAdd("br");
        using var first = await http.GetAsync($"/studio/{name}");
        http.DefaultRequestHeaders.IfNoneMatch.Add(first.Headers.ETag!);
        using var second = await http.GetAsync($"/studio/{name}");

        Assert.Equal(type, $"{first.Content.Headers.ContentType}");
        Assert.Equal("br", Assert.Single(first.Content.Headers.ContentEncoding));
        Assert.Equal(cache, $"{first.Headers.CacheControl}");
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
    }

    [Theory]
    [InlineData("index.html")]
    [InlineData("package.json")]
    [InlineData("..%2F..%2Fpackage.json")]
    [InlineData("_framework/../package.json")]
    [InlineData("nothing.js")]
    public async Task Other_files_are_not_there(string name)
    {
        using var http = new HttpClient { BaseAddress = _office.Host.Http.BaseAddress };
        using var answer = await http.GetAsync($"/studio/{name}");

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task Every_role_may_look_and_the_page_keeps_to_itself()
    {
        using var reader = await _office.HireAsync("rita", Roles.Reader);
        using var page = await reader.GetAsync("/studio/workflows/definitions/welcome/edit");
        var policy = Assert.Single(page.Headers.GetValues("Content-Security-Policy"));

        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Contains("frame-ancestors 'self'", policy, StringComparison.Ordinal);
        Assert.Contains("'wasm-unsafe-eval'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("'unsafe-eval'", policy, StringComparison.Ordinal);
    }

    private async Task<JsonNode> InputAsync(string type, string input) =>
        (await ReadAsync("descriptors/activities"))["items"]!
            .AsArray()
            .Single(item => (string?)item!["typeName"] == type)!["inputs"]!
            .AsArray()
            .Single(one => (string?)one!["name"] == input)!;

    private async Task<JsonNode> ReadAsync(string path) => JsonNode.Parse(await ReadTextAsync($"/elsa/api/{path}"))!;

    private async Task<string> ReadTextAsync(string path)
    {
        using var answer = await _office.Admin.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync();
    }

    private static IEnumerable<JsonNode> NodesOf(JsonNode activity) =>
        (activity["activities"] as JsonArray ?? []).SelectMany(child => NodesOf(child!)).Prepend(activity);
}
