using System.Net;
using System.Text.Json.Nodes;
using NurtureEngine.IntegrationTests.Pages;

namespace NurtureEngine.IntegrationTests.Designer;

/// <summary>One page of the designer: it loads a definition and saves it, as Elsa Studio does.</summary>
internal sealed class DesignerWindow(Visitor person)
{
    private readonly string _editor = Guid.NewGuid().ToString("N");

    public async Task<JsonObject> ReadAsync(string path)
    {
        using var answer = await person.GetAsync($"/elsa/api/{path}");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!.AsObject();
    }

    public Task<JsonObject> OpenAsync(string definitionId) =>
        ReadAsync($"workflow-definitions/by-definition-id/{definitionId}?versionOptions=Latest");

    /// <summary>Saves and answers what came back.</summary>
    public async Task<JsonObject> SaveAsync(JsonObject model, bool publish = false, string query = "")
    {
        using var answer = await TrySaveAsync(model, publish, query);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!.AsObject();
    }

    public Task<HttpResponseMessage> TrySaveAsync(JsonObject model, bool publish = false, string query = "")
    {
        var sent = model.DeepClone().AsObject();
        // As Studio does: it sends no links and none of the three members of its reader.
        sent["links"] = null;
        foreach (var name in new[] { "providerName", "materializerName", "materializerContext" })
        {
            sent.Remove(name);
        }

        return PostAsync($"workflow-definitions{query}", new JsonObject { ["model"] = sent, ["publish"] = publish });
    }

    public Task<HttpResponseMessage> PostAsync(string path, JsonNode body) =>
        person.SendJsonAsync(HttpMethod.Post, $"/elsa/api/{path}", body.ToJsonString(), ("X-Nurture-Editor", _editor));

    public Task<HttpResponseMessage> DeleteAsync(string path) =>
        person.SendJsonAsync(HttpMethod.Delete, $"/elsa/api/{path}", "", ("X-Nurture-Editor", _editor));

    /// <summary>The sentences of a refusal.</summary>
    public static async Task<string[]> RefusalAsync(HttpResponseMessage answer)
    {
        using (answer)
        {
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            var errors = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["errors"]!["definition"]!;
            return [.. errors.AsArray().Select(error => (string)error!)];
        }
    }

    public static JsonObject Step(JsonObject definition, string id) =>
        definition["root"]!["activities"]!
            .AsArray()
            .Select(step => step!.AsObject())
            .Single(step => (string?)step["id"] == id);
}
