using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace NurtureEngine.IntegrationTests.Infrastructure;

/// <summary>Changes the rulebook as a person would: looks at it, changes it, puts it back.</summary>
internal static class RulebookEdit
{
    public static async Task<HttpResponseMessage> ChangeRulebookAsync(this TestHost host, Action<JsonObject> change)
    {
        using var found = await host.Http.GetAsync("/api/rulebook");
        var content = (await found.Content.ReadFromJsonAsync<JsonObject>())!["content"]!.DeepClone().AsObject();
        change(content);
        using var request = new HttpRequestMessage(HttpMethod.Put, "/api/rulebook")
        {
            Content = JsonContent.Create(content),
        };
        request.Headers.IfMatch.Add(found.Headers.ETag!);
        return await host.Http.SendAsync(request);
    }

    public static Task<HttpResponseMessage> SetCadenceAsync(this TestHost host, string json) =>
        host.ChangeRulebookAsync(rulebook => rulebook["cadence"] = JsonNode.Parse(json));
}
