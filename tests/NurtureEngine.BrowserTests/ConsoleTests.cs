using Microsoft.Playwright;
using NurtureEngine.IntegrationTests.Infrastructure;

namespace NurtureEngine.BrowserTests;

/// <summary>
/// The console by keyboard alone, in both languages, on a phone and on a desk. With <c>NURTURE_PICTURES</c> set, a picture of each page is kept in that folder.
/// </summary>
public sealed class ConsoleTests(Chromium chromium, PostgresServer server)
{
    private const string Own = "a long pass phrase of my own";

    [Theory]
    [InlineData(390, "en", ColorScheme.Light)]
    [InlineData(1280, "en", ColorScheme.Dark)]
    [InlineData(390, "zh-CN", ColorScheme.Dark)]
    [InlineData(1280, "zh-CN", ColorScheme.Light)]
    public async Task The_first_administrator_gets_in_by_keyboard(int width, string language, ColorScheme scheme)
    {
        await using var host = await TestHost.StartAsync(await server.CloneAsync());
        var password = (await host.FirstPasswordAsync())!;
        await using var context = await chromium.Browser.NewContextAsync(
            new()
            {
                BaseURL = host.Http.BaseAddress!.ToString(),
                ViewportSize = new() { Width = width, Height = 800 },
                ColorScheme = scheme,
                Locale = language,
            }
        );
        var page = await context.NewPageAsync();
        var errors = new List<string>();
        page.Console += (_, message) => errors.AddRange(message.Type == "error" ? [message.Text] : []);

        await page.GotoAsync("/");
        await page.WaitForURLAsync("**/console/sign-in**");
        await LookAsync(page, $"sign-in.{width}.{language}");
        await page.Locator("#name").FocusAsync();
        await TypeAsync(page, "admin", "wrong");
        await page.Locator("[role=alert]").WaitForAsync();
        await LookAsync(page, $"sign-in-refused.{width}.{language}");
        await page.Locator("#name").FillAsync("");
        await page.Locator("#name").FocusAsync();
        await TypeAsync(page, "admin", password);
        await page.WaitForURLAsync("**/console/account");
        await page.Locator("#current").FocusAsync();
        await TypeAsync(page, password, Own, Own);
        await page.WaitForURLAsync("**/console/account?changed=true");
        await LookAsync(page, $"account.{width}.{language}");
        foreach (
            var (path, name) in new[]
            {
                ("/console", "home"),
                ("/console/people", "people"),
                ("/console/audit", "audit"),
                ("/console/denied", "denied"),
            }
        )
        {
            await page.GotoAsync(path);
            Assert.Equal(language, await page.Locator("html").GetAttributeAsync("lang"));
            await LookAsync(page, $"{name}.{width}.{language}");
        }

        Assert.Empty(errors);
    }

    private static async Task TypeAsync(IPage page, params string[] values)
    {
        foreach (var (i, value) in values.Index())
        {
            await page.Keyboard.TypeAsync(value);
            await page.Keyboard.PressAsync(i == values.Length - 1 ? "Enter" : "Tab");
        }
    }

    // What has no words of its own shows the name by which they are looked up.
    private static async Task LookAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("NURTURE_PICTURES") is { Length: > 0 } folder)
        {
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png"), FullPage = true });
        }

        Assert.True(
            await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= window.innerWidth"),
            $"{name} has to be scrolled sideways."
        );
        Assert.DoesNotMatch(
            @"\b(frame|signIn|password|sessions|home|audit|denied|people|role)\.[a-zA-Z]+\b(?<!person\.signed_in|password\.changed)",
            await page.InnerTextAsync("main")
        );
    }
}
