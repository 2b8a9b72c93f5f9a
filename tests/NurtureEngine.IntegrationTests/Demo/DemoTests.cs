using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NurtureEngine.IntegrationTests.Infrastructure;

namespace NurtureEngine.IntegrationTests.Demo;

/// <summary>The verb <c>demo</c>, as somebody runs it who has just heard of the product.</summary>
public sealed partial class DemoTests
{
    private static readonly Dictionary<string, string> Settings = new()
    {
        // What the real engine is configured for must not matter.
        ["ConnectionStrings__Nurture"] = "Host=nowhere.invalid;Database=precious",
        ["Nurture__Email__Mode"] = "smtp",
        ["Nurture__Email__Smtp__Host"] = "nowhere.invalid",
        ["Nurture__PublicUrl"] = "https://go.example.com",
        ["Nurture__WorkflowsFolder"] = "workflows",
        ["Nurture__TemplatesFolder"] = "templates",
    };

    [Fact]
    public async Task The_same_seed_gives_the_same_tables_and_the_demo_can_be_looked_at_until_it_is_ended()
    {
        var before = Folders();
        await using var one = Start();
        await using var other = Start();
        await Task.WhenAll(IsUpAsync(one), IsUpAsync(other));

        Assert.Equal(Tables(one), Tables(other));
        Assert.Contains("Everything here is invented", Tables(one), StringComparison.Ordinal);
        Assert.Matches(
            @"Held by a frequency cap: .+ of Alder Logistics, .+ of the track competitive-specific",
            Tables(one)
        );
        Assert.Matches(
            @"Held since another track .+ of Alder Logistics, welcome-hello of the track welcome",
            Tables(one)
        );
        var address = Address().Match(one.Output).Groups[1].Value;
        using var http = new HttpClient { BaseAddress = new Uri(address) };
        var mails = await http.GetStringAsync("/dev/inbox");
        var lead = LeadLink().Match(mails).Value;
        Assert.Contains("@example.com", mails, StringComparison.Ordinal);
        Assert.Contains(
            $"{address}/u/",
            await http.GetStringAsync($"{MailLink().Match(mails).Value}/html"),
            StringComparison.Ordinal
        );
        Assert.Contains("What happened", await http.GetStringAsync(lead), StringComparison.Ordinal);
        Assert.Equal(Figure(one, "e-mails sent"), await CountMailsAsync(http));
        Assert.Contains("welcome", await http.GetStringAsync("/dev/inbox/tracks"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/dev/inbox/leads")).StatusCode);
        await Eventually.TrueAsync(
            async () =>
                (await http.GetStringAsync("/metrics")).Contains("nurture_inbox_pending", StringComparison.Ordinal),
            "the first look at what waits"
        );

        var folders = Folders().Except(before).ToList();
        await other.KillAsync();
        await Eventually.TrueAsync(
            () => Task.FromResult(folders.Count(HasServer) == 1),
            "the end of the killed demo's server"
        );
        await using var late = HostProcess.Start(
            new Dictionary<string, string>(Settings) { ["ASPNETCORE_URLS"] = address },
            ["demo"]
        );
        Assert.Equal(2, await late.ExitAsync());
        Assert.Contains("can't be listened on", late.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("day ", late.Output, StringComparison.Ordinal);
        Assert.Equal(2, folders.Count);
        Assert.Single(folders, Directory.Exists);

        Assert.Equal(0, await one.StopAsync());
        Assert.DoesNotContain(folders, Directory.Exists);
    }

    private static string[] Folders() => Directory.GetDirectories(Path.GetTempPath(), "nurture-demo-*");

    private static bool HasServer(string folder) => File.Exists(Path.Combine(folder, "postgres", "postmaster.pid"));

    private static HostProcess Start() =>
        HostProcess.Start(Settings, ["demo", "--leads", "30", "--days", "28", "--seed", "5"]);

    private static Task IsUpAsync(HostProcess host) =>
        Eventually.TrueAsync(
            () =>
            {
                Assert.False(host.HasExited, host.Errors);
                return Task.FromResult(host.Output.Contains("Look around at", StringComparison.Ordinal));
            },
            "the end of the demo's days",
            TimeSpan.FromMinutes(3)
        );

    private static string Tables(HostProcess host) =>
        host.Output[..host.Output.IndexOf("Played in", StringComparison.Ordinal)];

    // The owner of the leads gets the briefs of hand-offs, which are no touches.
    private static async Task<int> CountMailsAsync(HttpClient http)
    {
        var inbox = JsonNode.Parse(await http.GetStringAsync("/api/dev/inbox?limit=200"))!;
        Assert.Null(inbox["next"]);
        return inbox["items"]!.AsArray().Count(item => (string?)item!["recipient"] != "sam.reed@example.com");
    }

    private static int Figure(HostProcess host, string name) =>
        int.Parse(
            Regex.Match(Tables(host), $@"^  {Regex.Escape(name)}\s+([\d,]+)$", RegexOptions.Multiline).Groups[1].Value,
            NumberStyles.AllowThousands,
            CultureInfo.InvariantCulture
        );

    [GeneratedRegex(@"Look around at (http\S+)/dev/inbox")]
    private static partial Regex Address();

    [GeneratedRegex(@"/dev/inbox/\d+")]
    private static partial Regex MailLink();

    [GeneratedRegex(@"/dev/leads/\d+")]
    private static partial Regex LeadLink();
}
