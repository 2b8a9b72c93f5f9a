using System.Net;
using System.Text.Json.Nodes;
using NurtureEngine.Core.People;
using NurtureEngine.IntegrationTests.Infrastructure;
using NurtureEngine.IntegrationTests.Pages;

namespace NurtureEngine.IntegrationTests.Designer;

/// <summary>Enrollments in Elsa Studio's list and viewer.</summary>
public sealed class InstanceTests(PostgresServer server) : IAsyncLifetime
{
    private Office _office = null!;
    private DesignerWindow _window = null!;

    public async ValueTask InitializeAsync()
    {
        _office = await Office.OpenAsync(server);
        _window = new DesignerWindow(_office.Admin);
        await _office.EnterAsync("ann", "bob");
    }

    public ValueTask DisposeAsync() => _office.DisposeAsync();

    [Fact]
    public async Task The_list_is_filtered_by_track_state_and_lead()
    {
        var all = await ListAsync(new JsonObject { ["page"] = 0, ["pageSize"] = 1 });
        var one = await ListAsync(
            new JsonObject { ["searchTerm"] = "lead 1", ["definitionIds"] = new JsonArray("welcome") }
        );
        var none = await ListAsync(new JsonObject { ["status"] = "Finished" });
        var odd = await ListAsync(new JsonObject { ["definitionIds"] = new JsonArray("nothing"), ["page"] = "x" });

        Assert.Equal((1, 2), (all["items"]!.AsArray().Count, (int)all["totalCount"]!));
        var found = Assert.Single(one["items"]!.AsArray())!;
        Assert.Equal(
            ("welcome", "Running", "Suspended"),
            ((string?)found["definitionId"], (string?)found["status"], (string?)found["subStatus"])
        );
        Assert.Equal(0, (int)none["totalCount"]!);
        Assert.Equal(0, (int)odd["totalCount"]!);
    }

    [Fact]
    public async Task An_enrollment_shows_its_steps_and_where_it_stands()
    {
        var id = await IdAsync();
        var instance = await _window.ReadAsync($"workflow-instances/{id}");
        var version = await _window.ReadAsync($"workflow-definitions/by-id/{(string)instance["definitionVersionId"]!}");
        var journal = await PostAsync(
            $"workflow-instances/{id}/journal?skip=0&take=100",
            new JsonObject
            {
                ["filter"] = new JsonObject { ["excludedActivityTypes"] = new JsonArray("Elsa.Flowchart") },
            }
        );
        var report = await PostAsync("activity-executions/report", new JsonObject { ["workflowInstanceId"] = id });
        var nodes = version["root"]!["activities"]!.AsArray().Select(step => (string)step!["nodeId"]!).ToHashSet();
        var waiting = Assert.Single(report["stats"]!.AsArray(), step => (bool)step!["isBlocked"]!)!;

        Assert.Equal("pause", (string?)waiting["activityId"]);
        Assert.All(journal["items"]!.AsArray(), record => Assert.Contains((string)record!["nodeId"]!, nodes));
        Assert.Contains(journal["items"]!.AsArray(), record => (string?)record!["eventName"] == "Suspended");
        Assert.Contains(
            (string)Assert.Single(instance["workflowState"]!["bookmarks"]!.AsArray())!["activityNodeId"]!,
            nodes
        );
        var executions = await _window.ReadAsync(
            $"activity-execution-summaries/list?WorkflowInstanceId={id}&ActivityNodeId={waiting["activityNodeId"]}"
        );
        var execution = (string)Assert.Single(executions["items"]!.AsArray())!["id"]!;
        Assert.Equal(
            "Running",
            (string?)(await _window.ReadAsync($"activity-executions/by-id?id={execution}"))["status"]
        );
        foreach (var path in new[] { "variables", "execution-state" })
        {
            await _window.ReadAsync($"workflow-instances/{id}/{path}");
        }
    }

    [Theory]
    [InlineData("e1-999999")]
    [InlineData("e0-1")]
    [InlineData("nothing")]
    public async Task What_is_not_there_is_not_found(string id)
    {
        using var answer = await _office.Admin.GetAsync($"/elsa/api/workflow-instances/{id}");

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task Who_sees_no_lead_sees_no_enrollment_and_nobody_ends_one_here()
    {
        var id = await IdAsync();
        using var sam = await _office.HireAsync("sam", Roles.Sales);
        using var hidden = await sam.GetAsync($"/elsa/api/workflow-instances/{id}");
        using var list = await sam.SendJsonAsync(HttpMethod.Post, "/elsa/api/workflow-instances", "{}");
        var refused = await DesignerWindow.RefusalAsync(
            await _window.PostAsync($"cancel/workflow-instances/{id}", new JsonObject())
        );

        Assert.Equal(HttpStatusCode.NotFound, hidden.StatusCode);
        Assert.Contains("\"totalCount\":0", await list.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.NotEmpty(refused);
    }

    private async Task<string> IdAsync() => (string)(await ListAsync([]))["items"]![0]!["id"]!;

    private Task<JsonObject> ListAsync(JsonObject filter) => PostAsync("workflow-instances", filter);

    private async Task<JsonObject> PostAsync(string path, JsonObject body)
    {
        using var answer = await _window.PostAsync(path, body);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!.AsObject();
    }
}
