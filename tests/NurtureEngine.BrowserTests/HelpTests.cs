using Microsoft.Playwright;
using NurtureEngine.IntegrationTests.Infrastructure;

namespace NurtureEngine.BrowserTests;

/// <summary>What the designer tells someone who has never drawn a track.</summary>
public sealed class HelpTests(Chromium chromium, PostgresServer server)
{
    // Elsa Studio starts slowly on machines without a graphics card.
    private const int Patience = 120_000;

    private const string Select = """
        async (_, id) => {
          const address = performance.getEntriesByType("resource").map((entry) => entry.name).find((name) => name.includes("designer.entry.js"));
          const { selectActivity } = await import(address);
          await selectActivity(`activity-${id}`, id);
        }
        """;

    [Theory]
    [InlineData("en", "What a track is made of", "5 of 5")]
    [InlineData("zh-CN", "轨道的组成", "5/5")]
    public async Task The_tour_has_five_stops_is_shown_once_and_can_be_left(string language, string first, string last)
    {
        await using var console = await ConsolePages.OpenAsync(chromium, server, 1680, language, isNew: true);
        await console.SignInAsync();
        var page = console.Page;
        await page.GotoAsync("/console/tracks/welcome/drawing");
        var studio = page.FrameLocator("iframe.drawing");
        var stop = studio.Locator(".driver-popover");
        await stop.GetByText(first).WaitForAsync(new() { Timeout = Patience });
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(stop).ToHaveCountAsync(0);

        await page.ReloadAsync();
        await studio.Locator("elsa-activity-wrapper").First.WaitForAsync(new() { Timeout = Patience });
        Assert.Equal(0, await stop.CountAsync());

        await studio.Locator(".tour-again").ClickAsync();
        for (var number = 1; number < 5; number++)
        {
            await page.LookAsync($"tour-{number}.1680.{language}");
            await stop.Locator(".driver-popover-next-btn").ClickAsync();
        }

        await stop.GetByText(last).WaitForAsync();
        await stop.Locator(".driver-popover-next-btn").ClickAsync();
        await Assertions.Expect(stop).ToHaveCountAsync(0);
        Assert.Empty(console.Errors);
    }

    [Theory]
    [InlineData("en", "Waits for some time.", "3d", "More in the manual")]
    [InlineData("zh-CN", "等待一段时间。", "3d", "查看手册")]
    public async Task A_chosen_step_is_explained_with_an_example_and_leads_to_its_row_in_the_manual(
        string language,
        string help,
        string value,
        string manual
    )
    {
        await using var console = await ConsolePages.OpenAsync(chromium, server, 1680, language);
        await console.SignInAsync();
        var page = console.Page;
        await page.GotoAsync("/console/tracks/welcome/drawing");
        var studio = page.FrameLocator("iframe.drawing");
        await studio.Locator("elsa-activity-wrapper").First.WaitForAsync(new() { Timeout = Patience });
        var box = studio.Locator(".problems .help");
        await Assertions.Expect(box).ToBeHiddenAsync();
        await studio.Locator(".desk").EvaluateAsync(Select, "three-days");
        await Assertions.Expect(box).ToContainTextAsync(help, new() { Timeout = Patience });
        await Assertions.Expect(box.Locator("dd")).ToHaveTextAsync(value);
        await page.LookAsync($"help.1680.{language}");

        var sheet = await page.Context.RunAndWaitForPageAsync(() => box.GetByText(manual).ClickAsync());
        await Assertions.Expect(sheet.Locator("tr:target")).ToContainTextAsync("Elsa.Delay");
        Assert.Empty(console.Errors);
    }

    [Theory]
    [InlineData("en", "My first", "Triggers", "Lead created", "Nothing is drawn yet")]
    [InlineData("zh-CN", "第一个", "触发器", "新线索", "画布为空")]
    public async Task An_empty_canvas_says_how_to_begin_until_a_step_is_drawn(
        string language,
        string name,
        string group,
        string step,
        string note
    )
    {
        await using var console = await ConsolePages.OpenAsync(chromium, server, 1680, language);
        await console.SignInAsync();
        var page = console.Page;
        await page.GotoAsync("/console/tracks/new");
        await page.Locator("#name").FillAsync(name);
        await page.Locator("input[value='*']").CheckAsync();
        await page.Locator("form[data-keep] button.btn-primary").ClickAsync();
        var studio = page.FrameLocator("iframe.drawing");
        var begin = studio.Locator(".begin");
        await begin.GetByText(note).WaitForAsync(new() { Timeout = Patience });
        await page.LookAsync($"begin.1680.{language}");

        await studio.GetByText(group, new() { Exact = true }).First.ClickAsync();
        await studio
            .Locator("[draggable=true]", new() { Has = studio.GetByText(step, new() { Exact = true }) })
            .DragToAsync(
                studio.Locator(".x6-graph"),
                new()
                {
                    TargetPosition = new() { X = 260, Y = 60 },
                }
            );
        await Assertions.Expect(begin).ToBeHiddenAsync(new() { Timeout = Patience });
        await Eventually.TrueAsync(
            async () =>
                await console.Host.ScalarAsync<int>(
                    "SELECT jsonb_array_length(definition::jsonb->'root'->'activities') FROM track_draft"
                ) == 1,
            "the drawn step, saved"
        );
        Assert.Empty(console.Errors);
    }
}
