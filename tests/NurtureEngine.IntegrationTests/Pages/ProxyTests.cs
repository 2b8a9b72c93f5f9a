using NurtureEngine.Core.People;
using NurtureEngine.Host.Identity.People;
using NurtureEngine.IntegrationTests.Infrastructure;

namespace NurtureEngine.IntegrationTests.Pages;

/// <summary>Several hosts behind a proxy that ends TLS and gives each request to whichever host it likes.</summary>
public sealed class ProxyTests(PostgresServer server)
{
    private const string Public = "https://nurture.example";
    private static readonly Dictionary<string, string?> Settings = new() { ["Nurture:PublicUrl"] = Public };

    [Fact]
    public async Task Every_form_works_when_its_page_comes_from_one_host_and_its_answer_goes_to_the_other()
    {
        var database = await server.CloneAsync();
        await using var one = await StartAsync(database);
        await using var two = await StartAsync(database);
        using var admin = new Visitor(one, two);
        var oneTime = (await one.FirstPasswordAsync())!;
        using var signedIn = await admin.SignInAsync("admin", oneTime);
        (string Page, string Form, (string, string)[] Fields, string Target)[] forms =
        [
            (
                "/console/account",
                "password",
                [("Form.Current", oneTime), ("Form.Next", Office.Password), ("Form.Again", Office.Password)],
                "/console/account?done=password"
            ),
            ("/console/account", "zone", [("Zone", "Asia/Shanghai")], "/console/account?done=zone"),
            ("/console/sending", "stop-email", [("Reason", "a test")], "/console?done=stopped"),
            ("/console/sending", "release-email", [], "/console?done=released"),
            (
                "/console/tracks/welcome",
                "settings",
                [("Form.Version", "1"), ("Form.Priority", "71")],
                "/console/tracks/welcome?done=trackSaved"
            ),
        ];
        foreach (var (page, form, fields, target) in forms)
        {
            using var answer = await admin.FillInAsync(page, form, fields);
            Assert.Equal($"{Public}{target}", $"{answer.Headers.Location}");
        }

        // A token of one host is taken by the other, also outside of pages.
        var token = await admin.TokenOfAsync("/console");
        using var signedOut = await admin.PostAsync("/console/sign-out", ("__RequestVerificationToken", token));
        using var gone = await admin.GetAsync("/console");

        Assert.Equal($"{Public}/console", $"{signedIn.Headers.Location}");
        Assert.StartsWith($"{Public}/console/sign-in", $"{gone.Headers.Location}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_done_on_one_host_shows_on_the_other_at_once()
    {
        await using var office = await Office.OpenAsync(server, Settings);
        await using var other = await StartAsync(office.Database);
        using var eve = await office.HireAsync("eve", Roles.Marketer);
        using var before = await eve.GetAsync("/console/tracks", other);
        using var roles = await office.Admin.FillInAsync(
            "/console/people",
            $"roles-{await office.IdAsync("eve")}",
            ("Chosen", Roles.Sales)
        );
        using var after = await eve.GetAsync("/console/tracks", other);

        Assert.Equal(System.Net.HttpStatusCode.OK, before.StatusCode);
        Assert.StartsWith($"{Public}/console/sign-in", $"{after.Headers.Location}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("127.0.0.0/8", true)]
    [InlineData("127.0.0.0/8", true, ", 127.0.0.2")]
    [InlineData("10.1.2.3", false)]
    public async Task A_trusted_proxy_says_whose_attempts_are_counted(string proxy, bool isTrusted, string more = "")
    {
        await using var host = await TestHost.StartAsync(
            await server.CloneAsync(),
            settings: new Dictionary<string, string?> { ["Nurture:SignIn:TrustedProxies:0"] = proxy }
        );
        using var loud = new Visitor(host) { ForwardedFor = $"203.0.113.7{more}" };
        for (var i = 0; i < SignInThrottle.Most; i++)
        {
            using var wrong = await loud.SignInAsync($"nobody-{i}", "wrong");
        }

        using var turnedAway = await loud.SignInAsync("nobody", "wrong");
        using var neighbour = new Visitor(host) { ForwardedFor = $"203.0.113.8{more}" };
        using var other = await neighbour.SignInAsync("nobody", "wrong");

        Assert.Contains("Too many", await turnedAway.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(
            !isTrusted,
            (await other.Content.ReadAsStringAsync()).Contains("Too many", StringComparison.Ordinal)
        );
    }

    private static Task<TestHost> StartAsync(string database) => TestHost.StartAsync(database, settings: Settings);
}
