using NurtureEngine.IntegrationTests.Infrastructure;

namespace NurtureEngine.BrowserTests;

/// <summary>A track's flow in Elsa Studio, inside the console's frame.</summary>
public sealed class DesignerTests(Chromium chromium, PostgresServer server)
{
    // Elsa Studio starts slowly on machines without a graphics card.
    private const int Patience = 120_000;

    [Theory]
    [InlineData("en", "Send e-mail")]
    [InlineData("zh-CN", "发送邮件")]
    public async Task A_track_is_drawn_with_all_its_steps_and_nothing_comes_from_outside(string language, string step)
    {
        await using var console = await ConsolePages.OpenAsync(chromium, server, language: language);
        await console.SignInAsync();
        var page = console.Page;
        var outside = new List<string>();
        page.Request += (_, request) =>
        {
            if (
                !request.Url.StartsWith($"{console.Host.Http.BaseAddress}", StringComparison.Ordinal)
                && !request.Url.StartsWith("data:", StringComparison.Ordinal)
                && !request.Url.StartsWith("blob:", StringComparison.Ordinal)
            )
            {
                outside.Add(request.Url);
            }
        };

        await page.GotoAsync("/console/tracks/welcome");
        await page.Locator("a[href='/console/tracks/welcome/drawing']").ClickAsync();
        var studio = page.FrameLocator("iframe.drawing");
        await studio.Locator("elsa-activity-wrapper").First.WaitForAsync(new() { Timeout = Patience });
        var nodes = await studio.Locator("elsa-activity-wrapper").CountAsync();
        await page.LookAsync($"drawing.1280.{language}");

        Assert.Equal(
            await console.Host.ScalarAsync<int>(
                "SELECT jsonb_array_length(definition::jsonb->'root'->'activities') FROM track_version v JOIN track t ON t.id = v.track_id WHERE t.definition_id = 'welcome'"
            ),
            nodes
        );
        Assert.Contains(
            step,
            await studio.Locator("elsa-workflow-definition-editor").InnerTextAsync(),
            StringComparison.Ordinal
        );
        Assert.False(await studio.Locator("#blazor-error-ui").IsVisibleAsync());
        Assert.Empty(outside);
        Assert.Empty(console.Errors);
    }
}
