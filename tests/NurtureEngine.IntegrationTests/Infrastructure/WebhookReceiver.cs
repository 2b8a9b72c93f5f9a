using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace NurtureEngine.IntegrationTests.Infrastructure;

/// <summary>Another system: takes webhooks in and answers as it is told.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;

    private WebhookReceiver(WebApplication app) => _app = app;

    public ConcurrentQueue<(string Id, string Timestamp, string Signature, byte[] Body)> Received { get; } = new();

    /// <summary>The answers to come; 200 once they are used up.</summary>
    public ConcurrentQueue<int> Answers { get; } = new();

    /// <summary>What it says of when to come again; null says nothing.</summary>
    public string? RetryAfter { get; set; }

    public string Url => $"{_app.Urls.Single()}/hook";

    public static async Task<WebhookReceiver> StartAsync()
    {
        var builder = LocalServer.Builder();
        var app = builder.Build();
        var receiver = new WebhookReceiver(app);
        app.MapPost(
            "/hook",
            async (HttpRequest request) =>
            {
                using var body = new MemoryStream();
                await request.Body.CopyToAsync(body);
                receiver.Received.Enqueue(
                    (
                        request.Headers["webhook-id"].ToString(),
                        request.Headers["webhook-timestamp"].ToString(),
                        request.Headers["webhook-signature"].ToString(),
                        body.ToArray()
                    )
                );
                if (receiver.RetryAfter is { } patience)
                {
                    request.HttpContext.Response.Headers.RetryAfter = patience;
                }

                return Results.StatusCode(receiver.Answers.TryDequeue(out var answer) ? answer : 200);
            }
        );
        await app.StartAsync();
        return receiver;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
