using Microsoft.Playwright;
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

    [Theory]
    [InlineData("en", "larger screen")]
    [InlineData("zh-CN", "更大的屏幕")]
    public async Task On_a_phone_the_designer_says_that_it_wants_a_larger_screen_and_lists_what_is_wrong(
        string language,
        string note
    )
    {
        await using var console = await ConsolePages.OpenAsync(chromium, server, width: 390, language: language);
        await console.SeedAsync();
        await console.SignInAsync();
        await console.Page.GotoAsync("/console/tracks/welcome/drawing");
        var studio = console.Page.FrameLocator("iframe.drawing");
        await studio.Locator("elsa-activity-wrapper").First.WaitForAsync(new() { Timeout = Patience });
        await Assertions.Expect(studio.Locator(".problems .warning").First).ToBeVisibleAsync();
        await console.Page.LookAsync($"drawing.390.{language}");

        Assert.Contains(note, await studio.Locator(".narrow").InnerTextAsync(), StringComparison.Ordinal);
        Assert.Empty(console.Errors);
    }

    [Fact]
    public async Task A_track_of_two_hundred_steps_opens_and_is_saved()
    {
        await using var console = await ConsolePages.OpenAsync(chromium, server, width: 1680);
        await LongTrack.SaveAsync(console.Host, steps: 200);
        await console.SignInAsync();
        var page = console.Page;
        await page.GotoAsync("/console/tracks/long/drawing");
        var studio = page.FrameLocator("iframe.drawing");
        await Assertions
            .Expect(studio.Locator("elsa-activity-wrapper"))
            .ToHaveCountAsync(200, new() { Timeout = Patience });
        await studio
            .Locator(".mud-input-control:visible", new() { HasText = "Name" })
            .Locator("input")
            .First.FillAsync("Longer");
        await page.Keyboard.PressAsync("Tab");
        await Eventually.TrueAsync(
            async () =>
                await console.Host.ScalarAsync<string>(
                    "SELECT definition::jsonb->>'name' FROM track_draft WHERE definition_id = 'long'"
                ) == "Longer",
            "the saved draft"
        );

        Assert.Equal(
            200,
            await console.Host.ScalarAsync<int>(
                "SELECT jsonb_array_length(definition::jsonb->'root'->'activities') FROM track_draft WHERE definition_id = 'long'"
            )
        );
        Assert.Empty(console.Errors);
    }

    [Fact]
    public async Task Enrollments_are_listed_and_one_is_looked_at()
    {
        await using var console = await ConsolePages.OpenAsync(chromium, server, width: 1680);
        await console.SeedAsync();
        await console.SignInAsync();
        var page = console.Page;
        await page.GotoAsync("/console/enrollments");
        var list = page.FrameLocator("iframe.drawing");
        await list.Locator("tbody tr").First.WaitForAsync(new() { Timeout = Patience });
        await page.LookAsync("enrollments.1680.en");
        Assert.Equal(0, await list.Locator(".mud-menu:visible", new() { HasText = "ctions" }).CountAsync());
        await list.Locator("tbody tr td", new() { HasText = "lead" }).First.ClickAsync();
        await page.WaitForURLAsync("**/console/enrollments/e*");
        var viewer = page.FrameLocator("iframe.drawing");
        await viewer.Locator("elsa-activity-wrapper").First.WaitForAsync(new() { Timeout = Patience });
        await page.LookAsync("enrollment.1680.en");

        Assert.False(await viewer.Locator("#blazor-error-ui").IsVisibleAsync());
        Assert.Empty(console.Errors);
    }

    [Theory]
    [InlineData("en", "Messages", "Send e-mail", "Content")]
    [InlineData("zh-CN", "消息", "发送邮件", "内容")]
    public async Task A_marketer_draws_a_step_fixes_what_is_wrong_publishes_and_a_lead_enters(
        string language,
        string group,
        string step,
        string label
    )
    {
        await using var console = await ConsolePages.OpenAsync(chromium, server, width: 1680, language: language);
        await console.SignInAsync();
        var page = console.Page;
        await page.GotoAsync("/console/tracks/welcome/drawing");
        var studio = page.FrameLocator("iframe.drawing");
        await studio.Locator("elsa-activity-wrapper").First.WaitForAsync(new() { Timeout = Patience });

        // Drawn, and told what is missing.
        await studio.GetByText(group, new() { Exact = true }).First.ClickAsync();
        await studio
            .Locator("[draggable=true]", new() { HasText = step })
            .DragToAsync(
                studio.Locator(".x6-graph"),
                new()
                {
                    TargetPosition = new() { X = 260, Y = 60 },
                }
            );
        var faults = studio.Locator(".problems .fault");
        await Assertions.Expect(faults).ToHaveCountAsync(2, new() { Timeout = Patience });
        await page.LookAsync($"designer.fault.1680.{language}");

        // Found from the panel, however far away it is.
        await faults.First.Locator("button").ClickAsync();
        await studio.Locator(".mud-input-control:visible", new() { HasText = label }).First.ClickAsync();
        await studio
            .Locator(".mud-popover-open .mud-list-item-extended", new() { HasText = "welcome-build:" })
            .ClickAsync();
        await Assertions.Expect(faults).ToHaveCountAsync(1, new() { Timeout = Patience });

        // Connected: from a step that is there to the new one.
        var nodes = studio.Locator(".x6-node");
        var drawn = await studio.Locator(".x6-node:has-text('SendEmail')").GetAttributeAsync("data-cell-id");
        await nodes.First.EvaluateAsync(
            """
            async (_, id) => {
              const address = performance.getEntriesByType("resource").map((entry) => entry.name).find((name) => name.includes("designer.entry.js"));
              const { graphBindings } = await import(address);
              const { graph } = Object.values(graphBindings)[0];
              const [from, to] = [graph.getCellById("read-answer"), graph.getCellById(id)];
              to.position(from.position().x + 60, from.position().y + 140);
              graph.cleanSelection();
              graph.centerCell(to);
            }
            """,
            drawn
        );
        await studio
            .Locator(".x6-node[data-cell-id='read-answer'] [port='Done']")
            .DragToAsync(
                studio.Locator($".x6-node[data-cell-id='{drawn}'] [port='In']"),
                // Beside the line that leaves there already.
                new()
                {
                    SourcePosition = new() { X = 10, Y = 4 },
                }
            );
        await Assertions.Expect(faults).ToHaveCountAsync(0, new() { Timeout = Patience });
        await page.LookAsync($"designer.drawn.1680.{language}");

        // Looked over and published.
        await studio.Locator(".problems .review").ClickAsync();
        await page.WaitForURLAsync("**/console/tracks/welcome/publish");
        await page.LookAsync($"publish.1680.{language}");
        await page.Locator("input[name=Accepts]").CheckAsync();
        await page.Locator("form[data-enhance] button.btn-primary").ClickAsync();
        await page.WaitForURLAsync("**/console/tracks/welcome?done=trackPublished");

        var crm = await Crm.ForAsync(console.Host.Http, console.Host.Database);
        (await crm.FireAsync(Crm.StageChange("ann", "RL", console.Host.Clock.GetUtcNow()))).EnsureSuccessStatusCode();
        await console.Host.DrainAsync();
        Assert.Equal(
            2,
            await console.Host.ScalarAsync<int>(
                "SELECT v.number FROM enrollment e JOIN track_version v ON v.id = e.track_version_id JOIN track t ON t.id = v.track_id WHERE t.definition_id = 'welcome'"
            )
        );
        Assert.Empty(console.Errors);
    }
}
