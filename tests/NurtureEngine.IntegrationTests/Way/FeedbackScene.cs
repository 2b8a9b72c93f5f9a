using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using NurtureEngine.Core.Touches;
using NurtureEngine.Host.Links;
using NurtureEngine.IntegrationTests.Infrastructure;
using NurtureEngine.Postgres.Settings;
using static NurtureEngine.IntegrationTests.Infrastructure.TrackFolder;

namespace NurtureEngine.IntegrationTests.Way;

/// <summary>A lead who got an e-mail ten minutes ago and is waited for; a stranger, who follows its links; a mail system, which reports.</summary>
public abstract class FeedbackScene(PostgresServer server) : IAsyncLifetime
{
    private const string Browser = "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0";

    private readonly TrackFolder _folder = new("feedback");
    private readonly string _templates = TestFolder.New("feedback-templates");
    private protected TestHost _host = null!;
    private protected HttpClient _stranger = null!;

    public async ValueTask InitializeAsync()
    {
        foreach (var content in new[] { "hello", "more" })
        {
            var folder = Directory.CreateDirectory(Path.Combine(_templates, content)).FullName;
            await File.WriteAllTextAsync(
                Path.Combine(folder, "content.yaml"),
                "channel: email\npurpose: marketing\nsubject:\n  en: Hello\npreheader:\n  en: Hi\n"
            );
            await File.WriteAllTextAsync(
                Path.Combine(folder, "body.en.html"),
                "<body><p><a href=\"https://shop.example/case?lead={{ lead.email }}\">A case</a></p></body>"
            );
        }

        // Whoever engages gets more at once, the others after a month.
        await _folder.PublishAsync(
            [
                Step("hello", "Nurture.SendEmail", ("templateId", Literal("hello"))),
                Step("w", "Nurture.WaitForEngagement", ("timeout", Literal("30d"))),
                Step("engaged", "Elsa.WriteLine", ("text", Literal("engaged"))),
                Step("more", "Nurture.SendEmail", ("templateId", Literal("more"))),
            ],
            "T>hello hello>w w.Engaged>engaged w.TimedOut>more"
        );
        _host = await TestHost.StartAsync(
            await server.CloneAsync(),
            _folder.Path,
            _templates,
            settings: new Dictionary<string, string?> { ["Nurture:Email:BounceDomain"] = "bounce.example.com" }
        );
        var crm = await Crm.ForAsync(_host.Http, _host.Database);
        await crm.FireAsync(Crm.StageChange("ann", "MQL", _host.Clock.GetUtcNow()));
        await _host.DrainAsync();
        _host.Clock.Advance(TimeSpan.FromMinutes(10));
        _stranger = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false })
        {
            BaseAddress = _host.Http.BaseAddress,
        };
        _stranger.DefaultRequestHeaders.UserAgent.ParseAdd(Browser);
        _stranger.DefaultRequestHeaders.AcceptLanguage.ParseAdd("en");
    }

    public async ValueTask DisposeAsync()
    {
        _stranger.Dispose();
        await _host.DisposeAsync();
        _folder.Dispose();
        TestFolder.Delete(_templates);
        GC.SuppressFinalize(this);
    }

    private protected async Task<string> ReturnPathAsync() =>
        ReturnPath.Of(
            new TouchId(await _host.ScalarAsync<Guid>("SELECT id FROM touch ORDER BY planned_at LIMIT 1")),
            _host.Services.GetRequiredService<LinkKeys>().Newest,
            "bounce.example.com"
        );

    private protected async Task<string> MessageIdAsync() =>
        new TouchId(await _host.ScalarAsync<Guid>("SELECT id FROM touch LIMIT 1")).MessageIdAt(
            "bounce.example.com",
            _host.Services.GetRequiredService<Installation>().Id
        );

    private protected async Task<JsonObject> ReportAsync(string path, string message)
    {
        using var body = new StringContent(message, Encoding.UTF8, "message/rfc822");
        using var answer = await _host.Http.PostAsync($"/webhooks/email/{path}", body);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!.AsObject();
    }

    private protected async Task<HttpResponseMessage> PostAsync(string link, string type, string body)
    {
        using var content = new StringContent(body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        return await _stranger.PostAsync(link, content);
    }

    // The path of a link of the message that was sent.
    private protected async Task<string> LinkAsync(string kind)
    {
        var html = await _host.ScalarAsync<string>("SELECT html FROM development_inbox LIMIT 1");
        var begin = html.IndexOf(kind, StringComparison.Ordinal);
        return html[begin..html.IndexOf('"', begin)];
    }

    private protected async Task<string> HeaderLinkAsync()
    {
        var message = Encoding.UTF8.GetString(
            await _host.ScalarAsync<byte[]>("SELECT message FROM development_inbox LIMIT 1")
        );
        var header = message.Split("List-Unsubscribe: <")[1];
        return new Uri(header[..header.IndexOf('>', StringComparison.Ordinal)]).AbsolutePath;
    }

    private protected Task<string?> WrittenAsync() =>
        _host.ScalarAsync<string?>("SELECT step FROM ledger WHERE step = 'engaged' LIMIT 1");

    private protected Task<string?> SuppressedAsync() =>
        _host.ScalarAsync<string?>("SELECT string_agg(address || ' ' || reason, ', ') FROM suppression");
}
