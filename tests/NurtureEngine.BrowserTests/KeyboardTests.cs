using Microsoft.Playwright;
using NurtureEngine.IntegrationTests.Infrastructure;
using NurtureEngine.IntegrationTests.Pages;

namespace NurtureEngine.BrowserTests;

/// <summary>The forms of the console are filled in and sent by the keyboard alone.</summary>
public sealed class KeyboardTests(Chromium chromium, PostgresServer server)
{
    private const string Chosen = "another long pass phrase";

    [Fact]
    public async Task People_are_added_changed_and_helped()
    {
        await using var console = await ConsolePages.OpenAsync(chromium, server);
        await console.SignInAsync();
        var page = console.Page;
        await page.GotoAsync("/console/people");
        await console.WriteAsync("#name", "eve");
        await console.PressAsync("form:has(#name) input[value='sales']", "Space");
        await console.PressAsync("form:has(#name) button.btn-primary");
        await page.Locator(".toast-line code").WaitForAsync();
        var id = await IdAsync(console, "eve");

        await console.PressAsync(InFormOf($"roles-{id}", "input[value='marketer']"), "Space");
        await AnswerAsync(page, () => console.PressAsync(InFormOf($"roles-{id}", "button")));
        Assert.Equal(
            2,
            await console.Host.ScalarAsync<long>("SELECT count(*) FROM person_role WHERE person_id = @id", new { id })
        );

        await console.PressAsync($"details:has(#email-{id}) > summary");
        await console.WriteAsync($"#email-{id}", "eve@example.org");
        await console.WriteAsync($"#team-{id}", "north");
        await AnswerAsync(page, () => page.Keyboard.PressAsync("Enter"));
        Assert.Equal(
            "north",
            await console.Host.ScalarAsync<string>("SELECT team FROM person WHERE id = @id", new { id })
        );

        await console.PressAsync($"details:has(#email-{id}) > summary");
        await console.PressAsync(InFormOf($"reset-{id}", "button"));
        await page.Locator(".toast-line code").WaitForAsync();

        await console.PressAsync($"details:has(#email-{id}) > summary");
        await console.PressAsync(InFormOf($"invite-{id}", "button"));
        await page.Locator(".toast-line").WaitForAsync();
        var mail = await console.Host.ScalarAsync<string>(
            "SELECT text FROM development_inbox ORDER BY id DESC LIMIT 1"
        );
        await page.GotoAsync(
            mail[mail.IndexOf("/console/invitation/", StringComparison.Ordinal)..].Split('\n')[0].Trim()
        );
        await console.WriteAsync("#next", Chosen);
        await console.WriteAsync("#again", Chosen);
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/console/sign-in?done=chosen");
        Assert.Empty(console.Errors);
    }

    [Fact]
    public async Task An_account_gets_its_zone_and_second_step_and_a_forgotten_password_its_link()
    {
        await using var console = await ConsolePages.OpenAsync(chromium, server);
        await console.SignInAsync();
        var page = console.Page;
        await page.GotoAsync("/console/account");
        await console.WriteAsync("#zone", "Asia/Shanghai");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/console/account?done=zone");

        await console.PressAsync(InFormOf("totp-begin", "button"));
        await page.Locator("#totp-code").WaitForAsync();
        var key = await page.Locator("#second-step p code").InnerTextAsync();
        await console.WriteAsync("#totp-code", Totp.Of(key));
        await page.Keyboard.PressAsync("Enter");
        await page.Locator("#second-step li code").First.WaitForAsync();
        var recovery = await page.Locator("#second-step li code").First.InnerTextAsync();

        await console.PressAsync("header .menu > summary");
        await console.PressAsync("form[action='/console/sign-out'] button");
        await page.WaitForURLAsync("**/console/sign-in");
        await console.WriteAsync("#name", "admin");
        await console.WriteAsync("#password", ConsolePages.Password);
        await page.Keyboard.PressAsync("Enter");
        await page.Locator("#code").WaitForAsync();
        await console.WriteAsync("#code", recovery);
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/console");

        await page.GotoAsync("/console/account");
        await console.WriteAsync("#off-password", ConsolePages.Password);
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/console/account?done=*");
        Assert.Empty(console.Errors);
    }

    [Fact]
    public async Task Languages_themes_and_filters_are_chosen()
    {
        await using var console = await ConsolePages.OpenAsync(chromium, server);
        await console.SignInAsync();
        var page = console.Page;
        await page.GotoAsync("/console/tracks");
        await console.PressAsync("#type", "End");
        await console.PressAsync("form[data-filter] button");
        await page.WaitForURLAsync("**/console/tracks?**type=welcome**");
        Assert.Equal(1, await page.Locator("main tbody tr").CountAsync());

        await console.PressAsync("header .menu > summary");
        await console.PressAsync("button[value='zh-CN']");
        await page.Locator("html[lang='zh-CN']").WaitForAsync();
        await console.PressAsync("header .menu > summary");
        await console.PressAsync("button[value='dark']");
        await page.Locator("html[data-bs-theme='dark']").WaitForAsync();
        Assert.Empty(console.Errors);
    }

    private static string InFormOf(string handler, string selector) =>
        $"form:has(input[name='_handler'][value='{handler}']) {selector}";

    private static Task<long> IdAsync(ConsolePages console, string userName) =>
        console.Host.ScalarAsync<long>("SELECT id FROM person WHERE user_name = @userName", new { userName });

    // The answer replaces the page in place, at the same address.
    private static Task AnswerAsync(IPage page, Func<Task> send) =>
        page.RunAndWaitForResponseAsync(send, response => response.Request.Method == "POST");
}
