using System.Text.Json.Nodes;
using NurtureEngine.IntegrationTests.Infrastructure;

namespace NurtureEngine.IntegrationTests.Api;

/// <summary>The e-mail as it would go over the wire, read by a parser that is not ours.</summary>
public sealed class MessageTests(PostgresServer server)
{
    private const string Parser = """
        const { simpleParser } = require('mailparser');
        simpleParser(process.stdin, { skipTextToHtml: true, skipImageLinks: true }).then(mail => {
          const from = mail.from.value[0];
          console.log(JSON.stringify({
            from: mail.from.text, to: mail.to.value[0].address, subject: mail.subject ?? '', fromName: from.name, fromAddress: from.address,
            id: mail.messageId, type: mail.headers.get('content-type').value, text: mail.text, html: mail.html,
          }));
        });
        """;

    [Fact]
    public async Task An_independent_parser_reads_the_Chinese_email_whole()
    {
        await using var host = await TestHost.StartAsync(await server.CloneAsync());
        var crm = await Crm.ForAsync(host.Http, host.Database);
        await crm.FireAsync(Crm.StageChange("li", "MQL", host.Clock.GetUtcNow(), tier: "T3", language: "zh-CN"));
        await host.DrainAsync();
        var read = await ParseAsync(await host.Http.GetByteArrayAsync("/api/dev/inbox/1.eml"));

        Assert.Equal("Ann，欢迎认识我们", read["subject"]!.GetValue<string>());
        Assert.Equal("multipart/alternative", read["type"]!.GetValue<string>());
        Assert.Equal(
            await host.ScalarAsync<string>("SELECT html FROM development_inbox"),
            read["html"]!.GetValue<string>().ReplaceLineEndings("\n")
        );
        Assert.Contains("一个案例", read["text"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Matches("^<[0-9a-f]{32}\\.[0-9a-f]{32}@northwind\\.example>$", read["id"]!.GetValue<string>());
    }

    [Fact]
    public async Task What_a_lead_calls_itself_begins_no_header_in_the_alert_to_sales()
    {
        using var folder = new TrackFolder("alert");
        await folder.PublishAsync(
            [
                TrackFolder.Step(
                    "h",
                    "Nurture.HandOffToSales",
                    ("fallback", TrackFolder.Literal("sales@example.com")),
                    ("timeout", TrackFolder.Literal("1d"))
                ),
            ],
            "T>h"
        );
        await using var host = await TestHost.StartAsync(await server.CloneAsync(), workflows: folder.Path);
        var crm = await Crm.ForAsync(host.Http, host.Database);
        var body = Crm.StageChange("ann", "MQL", host.Clock.GetUtcNow());
        body["data"]!["lead"]!["name"] = "Ann\r\nBcc: evil@example.org";
        await crm.FireAsync(body);
        await host.DrainAsync();
        var message = await host.Http.GetByteArrayAsync("/api/dev/inbox/1.eml");
        var read = await ParseAsync(message);

        Assert.Equal("A lead for you: Ann Bcc: evil@example.org", read["subject"]!.GetValue<string>());
        Assert.Equal("sales@example.com", read["to"]!.GetValue<string>());
        Assert.DoesNotContain("\nBcc:", System.Text.Encoding.UTF8.GetString(message), StringComparison.Ordinal);
    }

    internal static async Task<JsonObject> ParseAsync(byte[] message) =>
        JsonNode.Parse(await NodeScript.RunAsync(Parser, message))!.AsObject();
}
