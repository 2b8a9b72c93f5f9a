using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Dapper;
using Microsoft.Playwright;
using Npgsql;
using NurtureEngine.IntegrationTests.Infrastructure;

namespace NurtureEngine.BrowserTests;

/// <summary>A host is killed while two people watch a track and one of its leads: both pages come back with the host.</summary>
public sealed partial class KilledHostTests(Chromium chromium, PostgresServer server)
{
    // Elsa Studio starts slowly on machines without a graphics card.
    private const int Patience = 120_000;

    [Fact]
    public async Task Those_who_watch_see_what_happens_after_the_host_was_killed_and_started_again()
    {
        var connectionString = await server.CloneAsync();
        await using var database = NpgsqlDataSource.Create(connectionString);
        var address = $"http://127.0.0.1:{FreePort()}";
        await using var first = Serve(connectionString, address);
        await first.ReadyAsync();
        await using var context = await chromium.Browser.NewContextAsync(new() { BaseURL = address });
        var track = await SignedInAsync(context, first);
        await EnterAsync(address, database, "ann");

        await track.GotoAsync("/console/tracks/welcome/flow");
        await track.GetByText("1 leads entered").WaitForAsync(new() { Timeout = Patience });
        await track.EvaluateAsync("() => { window.isSamePage = true; }");
        var lead = await context.NewPageAsync();
        await lead.GotoAsync("/console/enrollments/e1-1");
        var viewer = lead.FrameLocator("iframe.drawing");
        await viewer.Locator("elsa-activity-wrapper").First.WaitForAsync(new() { Timeout = Patience });
        await lead.EvaluateAsync("() => { window.isSamePage = true; }");
        var frame = lead.Frames.Single(one => one.Url.Contains("/studio/", StringComparison.Ordinal));
        await frame.EvaluateAsync("() => { window.isOld = true; }");

        await first.KillAsync();
        await Assertions.Expect(track.Locator("#connection")).ToBeVisibleAsync(new() { Timeout = Patience });
        await using var second = Serve(connectionString, address);
        await second.ReadyAsync();
        await EnterAsync(address, database, "bob");

        await track.GetByText("2 leads entered").WaitForAsync(new() { Timeout = Patience });
        await Assertions.Expect(track.Locator("#connection")).ToBeHiddenAsync();
        // The viewer was drawn anew by itself, in the same page.
        await frame.WaitForFunctionAsync("() => window.isOld !== true", options: new() { Timeout = Patience });
        await viewer.Locator("elsa-activity-wrapper").First.WaitForAsync(new() { Timeout = Patience });
        foreach (var page in new[] { track, lead })
        {
            Assert.True(await page.EvaluateAsync<bool>("() => window.isSamePage === true"));
        }
    }

    private static HostProcess Serve(string connectionString, string address) =>
        HostProcess.StartServing(
            connectionString,
            crashAt: null,
            crashPassage: 1,
            Path.Combine(Repository.Root, "workflows"),
            new Dictionary<string, string>
            {
                ["ASPNETCORE_URLS"] = address,
                ["Nurture__TemplatesFolder"] = Path.Combine(Repository.Root, "templates"),
            }
        );

    // Both hosts listen at the address that the browser knows.
    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task<IPage> SignedInAsync(IBrowserContext context, HostProcess host)
    {
        var password = FirstPassword().Match(host.Errors).Groups[1].Value;
        var page = await context.NewPageAsync();
        await page.GotoAsync("/console/sign-in");
        await page.Locator("#name").FillAsync("admin");
        await page.Locator("#password").FillAsync(password);
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/console/account");
        await page.Locator("#current").FillAsync(password);
        await page.Locator("#next").FillAsync(ConsolePages.Password);
        await page.Locator("#again").FillAsync(ConsolePages.Password);
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/console/account?done=password");
        return page;
    }

    private static async Task EnterAsync(string address, NpgsqlDataSource database, string lead)
    {
        using var http = new HttpClient { BaseAddress = new Uri(address) };
        var crm = await Crm.ForAsync(http, database);
        using var answer = await crm.FireAsync(Crm.StageChange(lead, "RL", TimeProvider.System.GetUtcNow()));
        answer.EnsureSuccessStatusCode();
        await using var connection = await database.OpenConnectionAsync();
        await Eventually.TrueAsync(
            async () =>
                await connection.ExecuteScalarAsync<int>(
                    "SELECT count(*) FROM enrollment e JOIN lead_identity i ON i.lead_id = e.lead_id WHERE i.external_id = @lead",
                    new { lead }
                ) > 0,
            $"{lead} in the track"
        );
    }

    [GeneratedRegex(@"choose your own: (\S+)")]
    private static partial Regex FirstPassword();
}
