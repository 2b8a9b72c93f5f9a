using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using NurtureEngine.IntegrationTests.Infrastructure;

namespace NurtureEngine.IntegrationTests.Way;

/// <summary>A bounce keeps what the mail system said, and a person may take it back; what the reader has said stays.</summary>
public sealed class SuppressionTests(PostgresServer server) : FeedbackScene(server)
{
    [Fact]
    public async Task A_bounce_keeps_its_evidence_and_can_be_lifted()
    {
        Assert.Equal(
            HttpStatusCode.NotFound,
            (await PostAsync("find", new { address = "ann@example.com" })).StatusCode
        );
        await ReportAsync(
            "dsn",
            $"From: mailer-daemon@mx.example\nTo: <{await ReturnPathAsync()}>\nSubject: Undeliverable\n\n550 5.1.1 <ann@example.com>: user unknown\n"
        );
        await _host.DrainAsync();

        var found = await (
            await PostAsync("find", new { address = " ANN@example.com." })
        ).Content.ReadFromJsonAsync<JsonObject>();
        Assert.Equal(
            ("bounced", "550 5.1.1 <…>: user unknown"),
            (found!["reason"]!.GetValue<string>(), found["evidence"]!.GetValue<string>())
        );

        Assert.Equal(
            HttpStatusCode.BadRequest,
            (await PostAsync("lift", new { address = "ann@example.com", reason = " " })).StatusCode
        );
        Assert.Equal(
            HttpStatusCode.BadRequest,
            (await PostAsync("lift", new { address = "ann@localhost", reason = "x" })).StatusCode
        );
        var lifted = await PostAsync(
            "lift",
            new { address = "Ann@example。com", reason = "They wrote to us from it." }
        );
        Assert.Equal(HttpStatusCode.NoContent, lifted.StatusCode);
        Assert.Null(await SuppressedAsync());
        Assert.Equal(
            "ann@example.com bounced They wrote to us from it.",
            await _host.ScalarAsync<string>("SELECT address || ' ' || reason || ' ' || note FROM suppression_lift")
        );
    }

    [Fact]
    public async Task What_the_reader_has_said_stays_when_a_later_bounce_is_lifted()
    {
        await PostAsync(await HeaderLinkAsync(), "application/x-www-form-urlencoded", "List-Unsubscribe=One-Click");
        await _host.DrainAsync();
        await ReportAsync(
            "dsn",
            $"From: mailer-daemon@mx.example\nTo: <{await ReturnPathAsync()}>\nSubject: Undeliverable\n\n550 5.1.1 user unknown\n"
        );
        await _host.DrainAsync();
        Assert.Equal("ann@example.com bounced", await SuppressedAsync());

        var lifted = await PostAsync("lift", new { address = "ann@example.com", reason = "A mistake." });

        Assert.Equal(HttpStatusCode.NoContent, lifted.StatusCode);
        Assert.Equal("ann@example.com unsubscribed", await SuppressedAsync());
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync("lift", new { })).StatusCode);
    }

    [Fact]
    public async Task What_the_reader_has_said_is_not_lifted()
    {
        await PostAsync(await HeaderLinkAsync(), "application/x-www-form-urlencoded", "List-Unsubscribe=One-Click");
        await _host.DrainAsync();

        var lifted = await PostAsync("lift", new { address = "ann@example.com", reason = "A mistake." });

        Assert.Equal(HttpStatusCode.Conflict, lifted.StatusCode);
        Assert.Equal("ann@example.com unsubscribed", await SuppressedAsync());
    }

    private Task<HttpResponseMessage> PostAsync(string act, object body) =>
        _host.Http.PostAsJsonAsync($"/api/suppressions/{act}", body);
}
