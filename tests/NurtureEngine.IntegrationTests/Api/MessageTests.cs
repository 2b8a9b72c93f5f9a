using System.Diagnostics;
using System.Text.Json.Nodes;
using NurtureEngine.IntegrationTests.Infrastructure;

namespace NurtureEngine.IntegrationTests.Api;

/// <summary>The e-mail as it would go over the wire, read by a parser that is not ours.</summary>
public sealed class MessageTests(PostgresServer server)
{
    private const string Parser = """
        import email, email.policy, json, sys
        message = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.default)
        parts = [part for part in message.walk() if not part.is_multipart()]
        print(json.dumps({
            "from": str(message["From"]), "to": str(message["To"]), "subject": str(message["Subject"]),
            "fromName": message["From"].addresses[0].display_name, "fromAddress": message["From"].addresses[0].addr_spec, "id": str(message["Message-ID"]),
            "type": message.get_content_type(), "types": [part.get_content_type() for part in parts],
            "text": parts[0].get_content(), "html": parts[1].get_content(),
            "defects": [str(defect) for part in message.walk() for defect in part.defects],
        }))
        """;

    [Fact]
    public async Task An_independent_parser_reads_the_Chinese_email_whole()
    {
        await using var host = await TestHost.StartAsync(await server.CloneAsync());
        var crm = await Crm.ForAsync(host.Http, host.Database);
        await crm.FireAsync(Crm.StageChange("li", "MQL", host.Clock.GetUtcNow(), tier: "T3", language: "zh-CN"));
        await host.DrainAsync();
        var read = await ParseAsync(await host.Http.GetByteArrayAsync("/api/dev/inbox/1.eml"));

        Assert.Empty(read["defects"]!.AsArray());
        Assert.Equal("Ann，欢迎认识我们", read["subject"]!.GetValue<string>());
        Assert.Equal("multipart/alternative", read["type"]!.GetValue<string>());
        Assert.Equal(["text/plain", "text/html"], read["types"]!.AsArray().Select(type => type!.GetValue<string>()));
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

        Assert.Empty(read["defects"]!.AsArray());
        Assert.Equal("A lead for you: Ann Bcc: evil@example.org", read["subject"]!.GetValue<string>());
        Assert.Equal("sales@example.com", read["to"]!.GetValue<string>());
        Assert.DoesNotContain("\nBcc:", System.Text.Encoding.UTF8.GetString(message), StringComparison.Ordinal);
    }

    internal static async Task<JsonObject> ParseAsync(byte[] message)
    {
        using var python = Process.Start(
            new ProcessStartInfo("python3", ["-c", Parser])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            }
        )!;
        await python.StandardInput.BaseStream.WriteAsync(message);
        python.StandardInput.Close();
        var output = await python.StandardOutput.ReadToEndAsync();
        await python.WaitForExitAsync();
        return JsonNode.Parse(output)!.AsObject();
    }
}
