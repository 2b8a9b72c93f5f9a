using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using NurtureEngine.Core.Tracks.Drafts;
using NurtureEngine.IntegrationTests.Infrastructure;

namespace NurtureEngine.BrowserTests;

/// <summary>A browser on a host with the shipped tracks and a few leads, signed in as the first administrator.</summary>
internal sealed class ConsolePages : IAsyncDisposable
{
    public const string Password = "a long pass phrase of my own";

    private readonly IBrowserContext _context;
    private readonly List<string> _errors = [];

    private ConsolePages(TestHost host, IBrowserContext context, IPage page)
    {
        (Host, _context, Page) = (host, context, page);
        page.Console += (_, message) => _errors.AddRange(message.Type == "error" ? [message.Text] : []);
        page.PageError += (_, error) => _errors.Add(error);
    }

    public TestHost Host { get; }

    public IPage Page { get; }

    /// <summary>What the browser complained of: scripts that failed, and whatever the policy of the pages forbids.</summary>
    public IReadOnlyList<string> Errors => _errors;

    /// <summary>Opens a browser; one that is new has not been shown the tour of the designer.</summary>
    public static async Task<ConsolePages> OpenAsync(
        Chromium chromium,
        PostgresServer server,
        int width = 1280,
        string language = "en",
        ColorScheme scheme = ColorScheme.Light,
        bool isNew = false
    )
    {
        var host = await TestHost.StartAsync(
            await server.CloneAsync(),
            workflows: Path.Combine(Repository.Root, "workflows"),
            templates: Path.Combine(Repository.Root, "templates")
        );
        var context = await chromium.Browser.NewContextAsync(
            new()
            {
                BaseURL = host.Http.BaseAddress!.ToString(),
                ViewportSize = new() { Width = width, Height = 800 },
                ColorScheme = scheme,
                Locale = language,
            }
        );
        if (!isNew)
        {
            // A frame without rights has no storage.
            await context.AddInitScriptAsync("try { localStorage.setItem('nurture.tour', 'seen'); } catch { }");
        }

        return new ConsolePages(host, context, await context.NewPageAsync());
    }

    /// <summary>A few leads in the shipped tracks, some of whose touches wait for a person.</summary>
    public async Task SeedAsync()
    {
        var crm = await Crm.ForAsync(Host.Http, Host.Database);
        foreach (var (lead, tier) in new[] { ("ann", "T3"), ("bob", "T2"), ("cleo", "T1") })
        {
            (await crm.FireAsync(Crm.StageChange(lead, "MQL", Host.Clock.GetUtcNow(), tier))).EnsureSuccessStatusCode();
        }

        await Host.DrainAsync();
        await DrawAsync();
    }

    // A draft with a difference and warnings.
    private async Task DrawAsync()
    {
        var drafts = Host.Services.GetRequiredService<ITrackDrafts>();
        var state = await drafts.FindAsync("welcome", CancellationToken.None);
        var track = JsonNode.Parse(state.Definition!)!;
        track["customProperties"]!["nurture"]!.AsObject().Remove("timeLimit");
        var delay = track["root"]!["activities"]!.AsArray().First(step => (string?)step!["type"] == "Elsa.Delay")!;
        delay["timeSpan"]!["expression"]!["value"] = "3d";
        await drafts.SaveAsync(
            state,
            "welcome",
            track.ToJsonString(),
            new DraftAuthor("bea", Editor: null),
            CancellationToken.None
        );
    }

    /// <summary>Signs in by the keyboard; the one-time password of a first start is changed on the way.</summary>
    public async Task SignInAsync()
    {
        var first = (await Host.FirstPasswordAsync())!;
        await Page.GotoAsync("/console/sign-in");
        await Page.Locator("#name").FocusAsync();
        await TypeAsync("admin", first);
        await Page.WaitForURLAsync("**/console/account");
        await Page.Locator("#current").FocusAsync();
        await TypeAsync(first, Password, Password);
        await Page.WaitForURLAsync("**/console/account?done=password");
    }

    /// <summary>Types values into the fields that follow each other, and sends the form.</summary>
    public async Task TypeAsync(params string[] values)
    {
        foreach (var (i, value) in values.Index())
        {
            await Page.Keyboard.TypeAsync(value);
            await Page.Keyboard.PressAsync(i == values.Length - 1 ? "Enter" : "Tab");
        }
    }

    /// <summary>Goes on by the key until an element has the focus.</summary>
    public async Task TabToAsync(ILocator element)
    {
        for (var i = 0; i < 100; i++)
        {
            if (await element.EvaluateAsync<bool>("one => one === document.activeElement"))
            {
                return;
            }

            await Page.Keyboard.PressAsync("Tab");
        }

        Assert.Fail($"{element} can't be reached by the keyboard.");
    }

    /// <summary>Goes to an element by the key and presses it.</summary>
    public async Task PressAsync(string selector, string key = "Enter")
    {
        await TabToAsync(Page.Locator(selector));
        await Page.Keyboard.PressAsync(key);
    }

    /// <summary>Goes to a field by the key and puts a text in the place of what it holds.</summary>
    public async Task WriteAsync(string selector, string text)
    {
        await PressAsync(selector, "Control+a");
        await Page.Keyboard.TypeAsync(text);
    }

    public async ValueTask DisposeAsync()
    {
        await _context.DisposeAsync();
        await Host.DisposeAsync();
    }
}
