using System.Text.RegularExpressions;
using Microsoft.Playwright;
using NurtureEngine.IntegrationTests.Infrastructure;

namespace NurtureEngine.BrowserTests;

/// <summary>Somebody who has started the demo watches its tracks and tries them, in both languages.</summary>
public sealed partial class DemoWalkTests(Chromium chromium)
{
    // Elsa Studio starts slowly on machines without a graphics card, and a month is played before.
    private const int Patience = 180_000;

    private static readonly Dictionary<string, string> Settings = new()
    {
        ["Nurture__WorkflowsFolder"] = Path.Combine(Repository.Root, "workflows"),
        ["Nurture__TemplatesFolder"] = Path.Combine(Repository.Root, "templates"),
    };

    [Fact]
    public async Task The_demos_tracks_are_watched_and_tried_in_both_languages()
    {
        await using var demo = HostProcess.Start(Settings, ["demo", "--leads", "40", "--days", "30"]);
        await Eventually.TrueAsync(() => Task.FromResult(Door().IsMatch(demo.Output)), "the demo");
        var door = Door().Match(demo.Output);
        var (address, password) = (door.Groups[1].Value, door.Groups[2].Value);
        await using var english = await OpenAsync(address, "en");
        var page = await SignedInAsync(english, password, ConsolePages.Password);
        await WalkAsync(page, "en", "leads entered", "The way of the lead", "What happens");

        await using var chinese = await OpenAsync(address, "zh-CN");
        var other = await SignedInAsync(chinese, ConsolePages.Password, null);
        await WalkAsync(other, "zh-CN", "条线索", "线索的路径", "经过");
    }

    private static async Task WalkAsync(IPage page, string language, string counted, string way, string what)
    {
        await page.GotoAsync("/console/tracks/welcome/flow");
        await page.GetByText(counted).First.WaitForAsync(new() { Timeout = Patience });
        await page.LookAsync($"demo-flow.1280.{language}");
        await page.Locator(".map .step").First.ClickAsync();
        await page.Locator("[href^='/console/leads/']").First.WaitForAsync(new() { Timeout = Patience });
        var lead = await page.Locator("[href^='/console/leads/']").First.GetAttributeAsync("href");

        await page.GotoAsync($"/console/tracks/welcome/try?lead={lead!.Split('/')[^1]}");
        await page.GetByRole(AriaRole.Region, new() { Name = way }).WaitForAsync(new() { Timeout = Patience });
        await page.GetByRole(AriaRole.Heading, new() { Name = what }).WaitForAsync();
        await page.LookAsync($"demo-try.1280.{language}");

        await page.GotoAsync("/console/enrollments");
        var list = page.FrameLocator("iframe.drawing");
        await list.Locator("tbody tr td").First.WaitForAsync(new() { Timeout = Patience });
        await list.Locator("tbody tr").First.ClickAsync();
        await page.WaitForURLAsync("**/console/enrollments/e*");
        await page.FrameLocator("iframe.drawing")
            .Locator("elsa-activity-wrapper")
            .First.WaitForAsync(new() { Timeout = Patience });
        await page.LookAsync($"demo-enrollment.1280.{language}");
    }

    private Task<IBrowserContext> OpenAsync(string address, string language) =>
        chromium.Browser.NewContextAsync(new() { BaseURL = address, Locale = language });

    // The first sign-in asks for a password of one's own.
    private static async Task<IPage> SignedInAsync(IBrowserContext context, string password, string? own)
    {
        var page = await context.NewPageAsync();
        await page.GotoAsync("/console/sign-in");
        await page.Locator("#name").FillAsync("admin");
        await page.Locator("#password").FillAsync(password);
        await page.Keyboard.PressAsync("Enter");
        if (own is null)
        {
            await page.WaitForURLAsync("**/console");
            return page;
        }

        await page.WaitForURLAsync("**/console/account");
        await page.Locator("#current").FillAsync(password);
        await page.Locator("#next").FillAsync(own);
        await page.Locator("#again").FillAsync(own);
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/console/account?done=password");
        return page;
    }

    [GeneratedRegex(@"Sign in at (http://\S+)/console as admin with (\S+)")]
    private static partial Regex Door();
}
