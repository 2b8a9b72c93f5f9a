using Microsoft.Playwright;
using NurtureEngine.IntegrationTests.Infrastructure;

namespace NurtureEngine.BrowserTests;

/// <summary>Tracks are tried before they run, and watched while they run.</summary>
public sealed class WatchingTests(Chromium chromium, PostgresServer server)
{
    private const int Patience = 60_000;

    [Theory]
    [InlineData("en", "4 leads entered", "Say hello", "Leads at “Say hello”")]
    [InlineData("zh-CN", "共进入 4 条线索", "Say hello", "停留在“Say hello”的线索")]
    public async Task Two_who_watch_a_track_see_a_lead_enter_without_loading_the_page_again(
        string language,
        string sentence,
        string step,
        string list
    )
    {
        await using var console = await ConsolePages.OpenAsync(chromium, server, language: language);
        await console.SeedAsync();
        await console.SignInAsync();
        var other = await console.Page.Context.NewPageAsync();
        IPage[] both = [console.Page, other];
        foreach (var page in both)
        {
            await page.GotoAsync("/console/tracks/welcome/flow");
            await page.EvaluateAsync("() => { window.isSamePage = true; }");
        }

        var crm = await Crm.ForAsync(console.Host.Http, console.Host.Database);
        (await crm.FireAsync(Crm.StageChange("dan", "RL", console.Host.Clock.GetUtcNow()))).EnsureSuccessStatusCode();
        await console.Host.DrainAsync();

        foreach (var page in both)
        {
            await page.GetByText(sentence).WaitForAsync(new() { Timeout = Patience });
            Assert.True(await page.EvaluateAsync<bool>("() => window.isSamePage === true"));
        }

        // A step leads to its leads.
        await other.Locator(".map .step", new() { HasText = step }).ClickAsync();
        await other.GetByRole(AriaRole.Heading, new() { Name = list }).WaitForAsync(new() { Timeout = Patience });
        Assert.Empty(console.Errors);
    }

    [Theory]
    [InlineData("en", "replies", "The way of the lead", "1 of 1 go as expected.")]
    [InlineData("zh-CN", "回复", "线索的路径", "1 条中有 1 条符合预期。")]
    public async Task A_marketer_chooses_what_a_lead_does_reads_its_message_and_keeps_it_as_a_test_lead(
        string language,
        string reply,
        string picture,
        string score
    )
    {
        await using var console = await ConsolePages.OpenAsync(chromium, server, language: language);
        await console.SignInAsync();
        var page = console.Page;
        await page.GotoAsync("/console/tracks/welcome/try");
        await page.Locator("select[name=role]").SelectOptionAsync("Buyer");
        await page.Locator("form[method=get] button.btn-primary").ClickAsync();
        await page.Locator(".trial .way", new() { HasText = "Buyer" }).WaitForAsync(new() { Timeout = Patience });
        var silent = await page.Locator(".trial li.step").AllInnerTextsAsync();

        await page.Locator(".trial .choices a", new() { HasText = reply }).Last.ClickAsync();
        await page.Locator(".trial li.event").WaitForAsync(new() { Timeout = Patience });
        var answering = await page.Locator(".trial li.step").AllInnerTextsAsync();
        await page.Locator(".trial details summary").First.ClickAsync();
        var mail = page.FrameLocator(".trial details[open] iframe");
        await mail.Locator("a").First.WaitForAsync(new() { Timeout = Patience });

        Assert.NotEqual(silent, answering);
        Assert.True(
            await page.GetByRole(AriaRole.Region, new() { Name = picture }).Locator(".step.lit").CountAsync() > 5
        );
        Assert.Contains("Alex", await mail.Locator("body").InnerTextAsync(), StringComparison.Ordinal);
        await page.Locator("input[name=Name]").FillAsync("Buyer who answers");
        await page.Locator("form[method=post] button.btn-primary").ClickAsync();
        await page.WaitForURLAsync("**done=trialSaved");
        await page.GetByText(score).WaitForAsync(new() { Timeout = Patience });
        Assert.Equal(0, await console.Host.ScalarAsync<long>("SELECT count(*) FROM touch"));
    }
}
