using System.Net;
using NurtureEngine.IntegrationTests.Infrastructure;

namespace NurtureEngine.IntegrationTests.Way;

/// <summary>What readers do: clicks, openings, ways out.</summary>
public sealed class LinkFeedbackTests(PostgresServer server) : FeedbackScene(server)
{
    [Fact]
    public async Task A_click_leads_on_and_is_what_the_track_waits_for()
    {
        var answer = await _stranger.GetAsync(await LinkAsync("/t/"));
        await _stranger.GetAsync(await LinkAsync("/t/"));
        await _host.DrainAsync();

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal("https://shop.example/case?lead=ann@example.com", answer.Headers.Location!.OriginalString);
        Assert.Equal("no-referrer", answer.Headers.GetValues("Referrer-Policy").Single());
        Assert.Equal("engaged", await WrittenAsync());
        Assert.Equal(
            "activity.link_clicked https://shop.example/case",
            await _host.ScalarAsync<string>(
                "SELECT kind || ' ' || (arguments->>'name') FROM timeline WHERE kind LIKE 'activity%'"
            )
        );
    }

    [Fact]
    public async Task A_machine_that_follows_a_link_is_counted_apart()
    {
        using var head = new HttpRequestMessage(HttpMethod.Head, await LinkAsync("/t/"));
        await _stranger.SendAsync(head);
        _stranger.DefaultRequestHeaders.AcceptLanguage.Clear();
        var answer = await _stranger.GetAsync(await LinkAsync("/t/"));
        await _host.DrainAsync();

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Null(await WrittenAsync());
        Assert.Equal(
            "engine.scanned",
            await _host.ScalarAsync<string>("SELECT string_agg(kind, ' ') FROM timeline WHERE arguments ? 'touch'")
        );
    }

    [Fact]
    public async Task An_opening_is_a_picture_whoever_asks()
    {
        var answer = await _stranger.GetAsync(await LinkAsync("/o/"));
        var unknown = await _stranger.GetAsync("/o/nonsense");
        await _host.DrainAsync();

        Assert.Equal("image/gif", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal((HttpStatusCode.OK, "no-store"), (unknown.StatusCode, $"{unknown.Headers.CacheControl}"));
        Assert.Equal(
            "opened",
            await _host.ScalarAsync<string>("SELECT state FROM touch_event WHERE code = 'feedback'")
        );
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded", "List-Unsubscribe=One-Click")]
    [InlineData(
        "multipart/form-data; boundary=x",
        "--x\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--x--\r\n"
    )]
    [InlineData("text/plain", "")]
    public async Task One_click_ends_it_at_once_and_twice_is_once(string type, string body)
    {
        var link = await HeaderLinkAsync();
        var first = await PostAsync(link, type, body);
        var second = await PostAsync(link, type, body);
        await _host.DrainAsync();
        _host.Clock.Advance(TimeSpan.FromDays(40));
        await _host.DrainAsync();

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (first.StatusCode, second.StatusCode));
        Assert.False(first.Headers.Contains("Set-Cookie"));
        Assert.Equal("lead.unsubscribed", await _host.ScalarAsync<string>("SELECT code FROM enrollment"));
        Assert.Equal("ann@example.com unsubscribed", await SuppressedAsync());
        Assert.Equal(1, await _host.ScalarAsync<long>("SELECT count(*) FROM development_inbox"));
        Assert.False(await _host.ScalarAsync<bool>("SELECT granted FROM consent WHERE purpose = 'marketing'"));
        Assert.Equal(
            1,
            await _host.ScalarAsync<long>("SELECT count(*) FROM timeline WHERE kind = 'engine.unsubscribed'")
        );
    }

    [Fact]
    public async Task A_look_at_the_way_out_changes_nothing_and_is_read_in_ones_language()
    {
        var link = await HeaderLinkAsync();
        var english = await (await _stranger.GetAsync(link)).Content.ReadAsStringAsync();
        _stranger.DefaultRequestHeaders.AcceptLanguage.Clear();
        _stranger.DefaultRequestHeaders.AcceptLanguage.ParseAdd("zh-CN,zh;q=0.9,en;q=0.8");
        var chinese = await (await _stranger.GetAsync(link)).Content.ReadAsStringAsync();
        var done = await PostAsync($"{link}?page", "application/x-www-form-urlencoded", "List-Unsubscribe=One-Click");
        var unknown = await _stranger.GetAsync("/u/AAAA");
        var click = await _stranger.GetAsync($"/u/{(await LinkAsync("/t/")).Split('/')[^1]}");

        Assert.Contains("<button>Unsubscribe</button>", english, StringComparison.Ordinal);
        Assert.Contains("确认退订", chinese, StringComparison.Ordinal);
        Assert.Contains("已退订", await done.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (unknown.StatusCode, click.StatusCode));
        Assert.Equal(1, await _host.ScalarAsync<long>("SELECT count(*) FROM inbox WHERE type = 'engine.unsubscribed'"));
    }
}
