using Microsoft.Playwright;
using NurtureEngine.IntegrationTests.Infrastructure;

namespace NurtureEngine.BrowserTests;

/// <summary>The console in a browser: its pages in both languages, on a phone and on a desk, and what can be done on them by the keyboard alone.</summary>
public sealed class ConsoleTests(Chromium chromium, PostgresServer server)
{
    private static readonly (string Path, string Name)[] Pages =
    [
        ("/console", "home"),
        ("/console/tracks", "tracks"),
        ("/console/tracks/welcome", "track"),
        ("/console/enrollments/e9-9", "enrollment-gone"),
        ("/console/tracks/nothing", "track-gone"),
        ("/console/tracks/new", "track-new"),
        ("/console/tracks/welcome/flow", "flow"),
        ("/console/tracks/welcome/try?role=Buyer&language=zh-CN&act=20000|activity.replied|", "try"),
        ("/console/tracks/welcome/journeys?step=read-answer", "journeys"),
        ("/console/manual/tracks", "manual"),
        ("/console/tracks/welcome/publish", "publish"),
        ("/console/tracks/welcome/versions/1", "version"),
        ("/console/leads/1", "lead"),
        ("/console/leads/999", "lead-gone"),
        ("/console/search?q=ann", "search"),
        ("/console/sending", "sending"),
        ("/console/health", "health"),
        ("/console/people", "people"),
        ("/console/audit", "audit"),
        ("/console/account", "account"),
        ("/console/denied", "denied"),
        ("/dev/inbox", "inbox"),
        ("/dev/inbox/tracks", "inbox-tracks"),
        ("/dev/inbox/leads", "inbox-leads"),
        ("/dev/inbox/1", "mail"),
        ("/dev/leads/1", "lead-development"),
    ];

    [Theory]
    [InlineData(390, "en", ColorScheme.Light)]
    [InlineData(1280, "en", ColorScheme.Dark)]
    [InlineData(390, "zh-CN", ColorScheme.Dark)]
    [InlineData(1280, "zh-CN", ColorScheme.Light)]
    public async Task Every_page_fits_and_can_be_read(int width, string language, ColorScheme scheme)
    {
        await using var console = await ConsolePages.OpenAsync(chromium, server, width, language, scheme);
        await console.SeedAsync();
        var page = console.Page;
        await page.GotoAsync("/");
        await page.WaitForURLAsync("**/console/sign-in**");
        await page.LookAsync($"sign-in.{width}.{language}");
        await page.Locator("#name").FocusAsync();
        await console.TypeAsync("admin", "wrong");
        await page.Locator("[role=alert]").WaitForAsync();
        await page.LookAsync($"sign-in-refused.{width}.{language}");
        await console.SignInAsync();
        // All of what is wrong at once: each run takes a while.
        await Assert.MultipleAsync([
            .. Pages.Select(one =>
                (Func<Task>)(
                    async () =>
                    {
                        await page.GotoAsync(one.Path);
                        Assert.Equal(language, await page.Locator("html").GetAttributeAsync("lang"));
                        await page.LookAsync($"{one.Name}.{width}.{language}");
                    }
                )
            ),
        ]);

        // Pages that are not there say so to the browser, too; and a mail that is looked at here counts no opening.
        Assert.DoesNotContain(
            console.Errors,
            error =>
                !error.Contains("404", StringComparison.Ordinal)
                && !error.StartsWith("Loading the image", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Sending_is_stopped_and_released_in_two_steps_by_the_keyboard()
    {
        await using var console = await ConsolePages.OpenAsync(chromium, server);
        await console.SeedAsync();
        await console.SignInAsync();
        var page = console.Page;

        await page.GotoAsync("/console");
        await console.TabToAsync(page.Locator("a[href='/console/sending']"));
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/console/sending");
        await console.TabToAsync(page.Locator("#reason-email"));
        await page.Keyboard.TypeAsync("a wrong price");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/console?done=stopped");
        Assert.Equal(1, await console.Host.ScalarAsync<long>("SELECT count(*) FROM sending_stop"));
        await page.Locator(".alert-danger").WaitForAsync();

        await page.GotoAsync("/console/sending");
        await console.TabToAsync(page.Locator("button.btn-danger"));
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/console?done=released");
        Assert.Equal(0, await console.Host.ScalarAsync<long>("SELECT count(*) FROM sending_stop"));
        Assert.Empty(console.Errors);
    }

    [Fact]
    public async Task A_page_takes_anew_what_has_changed_and_keeps_where_its_reader_is()
    {
        await using var console = await ConsolePages.OpenAsync(chromium, server);
        await console.SignInAsync();
        var page = console.Page;
        await page.GotoAsync("/console");
        await page.Locator("#search").FillAsync("half a wo");

        await console.Host.ExecuteAsync(
            "INSERT INTO sending_stop (channel, reason, stopped_by, stopped_at) VALUES ('email', 'a test', 'somebody', now())"
        );
        await page.Locator("#home-live .alert-danger").WaitForAsync();
        Assert.Equal("half a wo", await page.Locator("#search").InputValueAsync());
        Assert.Empty(console.Errors);
    }

    [Fact]
    public async Task What_was_typed_outlives_the_session()
    {
        await using var console = await ConsolePages.OpenAsync(chromium, server);
        await console.SignInAsync();
        var page = console.Page;
        await page.GotoAsync("/console/tracks/welcome");
        await page.Locator("#owner").FillAsync("ann.lee@example.com");
        await page.Locator("#expectedResult").FillAsync("");
        await page.Locator("input[name='Form.ExitStages'][value='Rev']").SetCheckedAsync(true);
        await console.Host.ExecuteAsync("DELETE FROM session");

        await page.Locator("form[data-keep] button.btn-primary").ClickAsync();
        await page.WaitForURLAsync("**/console/sign-in?kept=true**");
        await page.Locator("#name").FocusAsync();
        await console.TypeAsync("admin", ConsolePages.Password);
        await page.WaitForURLAsync("**/console/tracks/welcome?kept=true");
        Assert.Equal("ann.lee@example.com", await page.Locator("#owner").InputValueAsync());
        Assert.Equal("", await page.Locator("#expectedResult").InputValueAsync());
        Assert.True(await page.Locator("input[name='Form.ExitStages'][value='Rev']").IsCheckedAsync());

        await page.Locator("form[data-keep] button.btn-primary").ClickAsync();
        await page.WaitForURLAsync("**/console/tracks/welcome?done=trackSaved");
        Assert.Equal("ann.lee@example.com", await page.Locator("#owner").InputValueAsync());
    }

    [Fact]
    public async Task A_track_is_changed_by_the_keyboard_and_faults_stand_at_their_fields()
    {
        await using var console = await ConsolePages.OpenAsync(chromium, server);
        await console.SignInAsync();
        var page = console.Page;
        await page.GotoAsync("/console/tracks/welcome");
        await console.TabToAsync(page.Locator("#priority"));
        await page.Keyboard.PressAsync("Control+a");
        await page.Keyboard.TypeAsync("high");
        await console.TabToAsync(page.Locator("#timeLimit"));
        await page.Keyboard.PressAsync("Control+a");
        await page.Keyboard.TypeAsync("soon");
        await page.Keyboard.PressAsync("Enter");
        var faults = page.Locator("#faults");
        await faults.WaitForAsync();
        Assert.Contains("Priority", await faults.InnerTextAsync(), StringComparison.Ordinal);
        Assert.Contains("Time limit", await faults.InnerTextAsync(), StringComparison.Ordinal);
        Assert.Equal("high", await page.Locator("#priority").InputValueAsync());
        await page.LookAsync("track-refused.1280.en");

        await page.Locator("#priority").FillAsync("71");
        await page.Locator("#timeLimit").FillAsync("30d");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/console/tracks/welcome?done=trackSaved");
        Assert.Equal("71", await page.Locator("#priority").InputValueAsync());
        Assert.Equal(
            2,
            await console.Host.ScalarAsync<int>(
                "SELECT max(number) FROM track_version v JOIN track t ON t.id = v.track_id WHERE t.definition_id = 'welcome'"
            )
        );
        Assert.Empty(console.Errors);
    }

    [Fact]
    public async Task The_slash_leads_to_the_search_and_the_search_to_the_lead()
    {
        await using var console = await ConsolePages.OpenAsync(chromium, server);
        await console.SeedAsync();
        await console.SignInAsync();
        var page = console.Page;
        await page.GotoAsync("/console");
        await page.Keyboard.PressAsync("/");
        await page.Keyboard.TypeAsync("bob@ex");
        await page.Keyboard.PressAsync("Enter");
        await page.Locator("main table a").First.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/console/leads/*");
        Assert.Contains("bob@example.com", await page.InnerTextAsync("main"), StringComparison.Ordinal);
        Assert.Empty(console.Errors);
    }

    [Fact]
    public async Task A_content_is_shown_as_an_example_lead_would_get_it_and_can_do_nothing()
    {
        await using var console = await ConsolePages.OpenAsync(chromium, server);
        await console.SignInAsync();
        var page = console.Page;
        await page.GotoAsync("/console/tracks/welcome");
        await page.Locator("summary:has-text('welcome-hello')").ClickAsync();
        var frame = page.FrameLocator("iframe[title*='welcome-hello in en']");

        Assert.Contains("Alex", await frame.Locator("body").InnerTextAsync(), StringComparison.Ordinal);
        var preview = await page.APIRequest.GetAsync(
            new Uri(
                console.Host.Http.BaseAddress!,
                await page.Locator("iframe[title*='welcome-hello in en']").GetAttributeAsync("src")
            ).ToString()
        );
        Assert.StartsWith("default-src 'none'", preview.Headers["content-security-policy"], StringComparison.Ordinal);
        Assert.EndsWith("sandbox", preview.Headers["content-security-policy"], StringComparison.Ordinal);
    }
}
