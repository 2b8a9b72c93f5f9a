using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace NurtureEngine.IntegrationTests.Infrastructure;

/// <summary>
/// WeChat's API as it behaves: stable tokens that stay the same within their lifetime, are renewed in their last five minutes, and are
/// refused by code on request.
/// </summary>
internal sealed class WeChatServer : IAsyncDisposable
{
    public const string AppId = "wx0123456789abcdef";
    public const string Secret = "0123456789abcdef0123456789abcdef";

    private readonly WebApplication _app;
    private readonly Lock _lock = new();
    private int _generation;

    private WeChatServer(WebApplication app) => _app = app;

    public string Url => _app.Urls.First();

    /// <summary>The bodies that were asked with.</summary>
    public ConcurrentQueue<JsonNode> Asked { get; } = [];

    /// <summary>What the next calls are answered with, as they come; then tokens.</summary>
    public ConcurrentQueue<Func<HttpContext, Task>> Answers { get; } = [];

    /// <summary>Who follows the account.</summary>
    public IReadOnlyList<string> Followers { get; set; } = [];

    /// <summary>What pages of followers are answered with instead; null for pages.</summary>
    public Func<HttpContext, Task>? FollowersFault { get; set; }

    /// <summary>After whom pages of followers were asked for.</summary>
    public ConcurrentQueue<string> Pages { get; } = [];

    /// <summary>How many followers a page has; WeChat's have 10,000.</summary>
    public int PageSize { get; set; } = 10_000;

    /// <summary>How long a token holds when it is given out, in seconds.</summary>
    public int Lifetime { get; set; } = 7_200;

    /// <summary>How long each answer takes.</summary>
    public TimeSpan Latency { get; set; }

    /// <summary>Takes the present token away, as a leaked one is.</summary>
    public void Revoke()
    {
        lock (_lock)
        {
            _generation++;
        }
    }

    public static Func<HttpContext, Task> Code(int code, string message) =>
        http => http.Response.WriteAsJsonAsync(new { errcode = code, errmsg = message });

    public static async Task<WeChatServer> StartAsync()
    {
        var builder = LocalServer.Builder();
        var app = builder.Build();
        var server = new WeChatServer(app);
        app.UseRouting();
        app.MapPost("/cgi-bin/stable_token", server.TokenAsync);
        app.MapGet("/cgi-bin/user/get", server.FollowersAsync);
        await app.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task TokenAsync(HttpContext http)
    {
        var order = (await http.Request.ReadFromJsonAsync<JsonNode>())!;
        Asked.Enqueue(order);
        await Task.Delay(Latency, http.RequestAborted);
        if (Answers.TryDequeue(out var answer))
        {
            await answer(http);
            return;
        }

        if ((string?)order["secret"] != Secret)
        {
            await Code(40125, "invalid appsecret, view more at http://t.cn/RAEkdVq rid: 1")(http);
            return;
        }

        await http.Response.WriteAsJsonAsync(new { access_token = Token(), expires_in = Lifetime });
    }

    private async Task FollowersAsync(HttpContext http)
    {
        var after = http.Request.Query["next_openid"].ToString();
        Pages.Enqueue(after);
        if (http.Request.Query["access_token"] != $"TOKEN-{_generation}")
        {
            await Code(40001, "invalid credential, access_token is invalid or not latest rid: 2")(http);
            return;
        }

        if (FollowersFault is { } fault)
        {
            await fault(http);
            return;
        }

        var page = Followers
            .Skip(after.Length == 0 ? 0 : Followers.ToList().IndexOf(after) + 1)
            .Take(PageSize)
            .ToList();
        await http.Response.WriteAsJsonAsync(
            page.Count == 0
                ? (object)
                    new
                    {
                        total = Followers.Count,
                        count = 0,
                        next_openid = "",
                    }
                : new
                {
                    total = Followers.Count,
                    count = page.Count,
                    data = new { openid = page },
                    next_openid = page[^1],
                }
        );
    }

    // A new one in the last five minutes.
    private string Token()
    {
        lock (_lock)
        {
            _generation += Lifetime <= 300 || _generation == 0 ? 1 : 0;
            return $"TOKEN-{_generation}";
        }
    }
}
