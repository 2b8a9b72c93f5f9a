using Microsoft.Playwright;
using NurtureEngine.Core.Leads;
using NurtureEngine.IntegrationTests.Infrastructure;

namespace NurtureEngine.BrowserTests;

/// <summary>Elsa Studio on a Chinese page: what its screens say that no one has written into a track.</summary>
public sealed class ChineseDesignerTests(Chromium chromium, PostgresServer server)
{
    // Elsa Studio starts slowly on machines without a graphics card.
    private const int Patience = 120_000;

    // How often a screen is looked at before what is English on it counts.
    private const int Looks = 60;

    // Texts in Latin letters that are seen, but for steps on the canvas and code.
    private const string Seen = """
        () => {
          const found = new Set();
          const own = "elsa-activity-wrapper, .monaco-editor, .problems, script, style";
          const isSeen = (element) => element.checkVisibility({ visibilityProperty: true }) && element.getClientRects().length > 0;
          const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          for (let node = texts.nextNode(); node; node = texts.nextNode()) {
            const text = node.nodeValue.trim();
            if (/[A-Za-z]{2,}/.test(text) && !node.parentElement.closest(own) && isSeen(node.parentElement)) {
              found.add(text);
            }
          }
          for (const element of document.querySelectorAll("[placeholder], [title]")) {
            for (const name of ["placeholder", "title"]) {
              const text = element.getAttribute(name)?.trim();
              if (text && /[A-Za-z]{2,}/.test(text) && !element.closest(own) && isSeen(element)) {
                found.add(text);
              }
            }
          }
          return [...found];
        }
        """;

    private const string ClickTab = """
        (index) => {
          const tabs = [...document.querySelectorAll(".mud-tab")].filter((tab) => tab.checkVisibility());
          tabs[index]?.click();
          return index < tabs.length;
        }
        """;

    // What is the same in every language, and what people have written: names of roles, stages, steps and ids.
    private static readonly HashSet<string> Own =
    [
        .. BuyerRole.All,
        "Other",
        "Retention",
        "ID",
        "JSON",
        "调用 Webhook",
        "Scriban",
        "RL",
        "MQL",
        "SQL",
        "Rev",
        "Welcome",
        "welcome",
        "welcome-flow",
        "welcome:welcome-flow",
        "Elsa.Flowchart",
        "Flowchart1",
        "Becomes known",
        "Did we seek them?",
        "Say hello",
        "Three days",
        "Greets new leads by who came first, gives first value, and lets them choose where to go on.",
    ];

    [Fact]
    public async Task Every_label_of_the_editor_that_a_marketer_meets_is_Chinese()
    {
        await using var console = await ConsolePages.OpenAsync(chromium, server, width: 1680, language: "zh-CN");
        await console.SignInAsync();
        var page = console.Page;
        await page.GotoAsync("/studio/workflows/definitions/welcome/edit");
        await page.Locator("elsa-activity-wrapper").First.WaitForAsync(new() { Timeout = Patience });
        var left = new SortedSet<string>(StringComparer.Ordinal);
        await LookAroundAsync(page, left);
        foreach (var step in new[] { "becomes-known", "by-role", "say-hello", "three-days", "answer" })
        {
            await page.EvaluateAsync(
                """
                async (id) => {
                  const address = performance.getEntriesByType("resource").map((entry) => entry.name).find((name) => name.includes("designer.entry.js"));
                  const { selectActivity } = await import(address);
                  await selectActivity(`activity-${id}`, id);
                }
                """,
                step
            );
            await LookAroundAsync(page, left);
        }

        Assert.Empty(left);
    }

    [Fact]
    public async Task Every_label_of_the_list_and_the_viewer_is_Chinese()
    {
        await using var console = await ConsolePages.OpenAsync(chromium, server, width: 1680, language: "zh-CN");
        await console.SeedAsync();
        await console.SignInAsync();
        var page = console.Page;
        var left = new SortedSet<string>(StringComparer.Ordinal);
        await page.GotoAsync("/studio/workflows/instances");
        await page.Locator("tbody tr").First.WaitForAsync(new() { Timeout = Patience });
        await LookAroundAsync(page, left);
        await page.GotoAsync("/studio/workflows/instances/e1-1/view");
        await page.GetByText("日志", new() { Exact = true }).First.WaitForAsync(new() { Timeout = Patience });
        await LookAroundAsync(page, left);

        Assert.Empty(left);
    }

    [Fact]
    public async Task Menus_dialogs_and_notes_that_open_on_a_click_are_Chinese()
    {
        await using var console = await ConsolePages.OpenAsync(chromium, server, width: 1680, language: "zh-CN");
        await console.SeedAsync();
        await console.SignInAsync();
        var page = console.Page;
        var left = new SortedSet<string>(StringComparer.Ordinal);
        await page.GotoAsync("/studio/workflows/definitions/welcome/edit");
        await page.Locator("elsa-activity-wrapper").First.WaitForAsync(new() { Timeout = Patience });
        // The values of the track's properties, the copies of them, and the editor of its description.
        await OpenEachAsync(page, ".mud-tabs-panels td button", left);
        // Save, and the menu beside it.
        await OpenEachAsync(
            page,
            ".elsa-toolbar-icon button, button.elsa-toolbar-icon, .mud-button-group-root button",
            left
        );
        await OpenEachAsync(page, ".mud-expand-panel-header", left);
        // A new variable, in a dialog.
        await page.GetByText("变量", new() { Exact = true }).First.ClickAsync();
        await OpenEachAsync(page, "button:has-text('添加变量')", left);

        await page.GotoAsync("/studio/workflows/instances");
        await page.Locator("tbody tr").First.WaitForAsync(new() { Timeout = Patience });
        await OpenEachAsync(
            page,
            ".mud-select .mud-input-slot, .mud-button, tbody .mud-menu-icon-button-activator",
            left
        );
        Assert.Empty(left);
    }

    // Clicks each that can be seen, and looks at what is open then.
    private static async Task OpenEachAsync(IPage page, string selector, SortedSet<string> left)
    {
        var places = page.Locator($"{selector} >> visible=true");
        var count = await places.CountAsync();
        Assert.NotEqual(0, count);
        for (var index = 0; index < count; index++)
        {
            await places.Nth(index).ClickAsync(new() { Force = true });
            await CollectAsync(page, left);
            await page.Keyboard.PressAsync("Escape");
            await page.EvaluateAsync("() => document.querySelector('.mud-overlay')?.click()");
            await Assertions.Expect(page.Locator(".mud-dialog")).ToHaveCountAsync(0);
        }
    }

    // Each tab that can be seen, one after the other.
    private static async Task LookAroundAsync(IPage page, SortedSet<string> left)
    {
        await CollectAsync(page, left);
        // A tab may show others, or take some away.
        for (var tab = 0; await page.EvaluateAsync<bool>(ClickTab, tab); tab++)
        {
            await CollectAsync(page, left);
        }
    }

    // Blazor renders what was clicked in a turn of its own, and the overlay follows in the next: what stays English is left.
    private static async Task CollectAsync(IPage page, SortedSet<string> left)
    {
        string[] found = [];
        for (var look = 0; look < Looks; look++)
        {
            await page.EvaluateAsync("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 100)))");
            found =
            [
                .. (await page.EvaluateAsync<string[]>(Seen)).Where(text =>
                    !Own.Contains(text) && !text.StartsWith('{')
                ),
            ];
            if (found.Length == 0)
            {
                return;
            }
        }

        left.UnionWith(found);
    }
}
