using Microsoft.Playwright;
using NurtureEngine.Core.Contents;
using NurtureEngine.Core.Leads;
using NurtureEngine.IntegrationTests.Shipped;

namespace NurtureEngine.BrowserTests;

/// <summary>
/// The shipped e-mails as a browser draws them. With <c>NURTURE_PICTURES</c> set, a picture of each is kept in that folder, to be looked at.
/// </summary>
public sealed class MailTests(Chromium chromium)
{
    // What lies between the text and what is behind it, as WCAG 2.1 counts it (1.4.3); the least of all texts of the page.
    private const string ContrastScript = """
        () => {
          const channel = v => { v /= 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; };
          const parse = c => c.match(/[\d.]+/g).map(Number);
          const light = c => 0.2126 * channel(c[0]) + 0.7152 * channel(c[1]) + 0.0722 * channel(c[2]);
          const behind = e => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor); if (c.length < 4 || c[3] > 0) return c; } return [255, 255, 255]; };
          let least = { ratio: 99, text: '' };
          const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          while (walker.nextNode()) {
            const e = walker.currentNode.parentElement;
            if (!walker.currentNode.data.trim() || !e.getClientRects().length) continue;
            const [a, b] = [light(parse(getComputedStyle(e).color)), light(behind(e))];
            const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
            if (ratio < least.ratio) least = { ratio, text: walker.currentNode.data.trim() };
          }
          return least.ratio + '|' + least.text;
        }
        """;

    [Theory]
    [InlineData(360, ColorScheme.Light)]
    [InlineData(360, ColorScheme.Dark)]
    [InlineData(1280, ColorScheme.Light)]
    [InlineData(1280, ColorScheme.Dark)]
    public async Task Every_mail_fits_and_can_be_read(int width, ColorScheme scheme)
    {
        var product = await ShippedProduct.ReadAsync();
        await using var context = await chromium.Browser.NewContextAsync(
            new()
            {
                ViewportSize = new() { Width = width, Height = 800 },
                ColorScheme = scheme,
            }
        );
        var page = await context.NewPageAsync();

        foreach (var content in product.Contents.Values)
        {
            foreach (var language in content.Source.Languages.Keys)
            {
                var (email, _) = EmailRenderer.Render(
                    content,
                    SampleAudience.Of("DecisionMaker", language, isRich: true),
                    SampleAudience.Account(Tier.T3, isRich: true),
                    product.Rulebook.Senders["default"],
                    "en",
                    "https://nurture.example/u/abc"
                );
                await page.SetContentAsync(email!.Html);
                var name = $"{content.Source.Key}.{language}.{width}.{scheme}";
                await KeepAsync(page, name);

                Assert.True(
                    await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= window.innerWidth"),
                    $"{name} has to be scrolled sideways."
                );
                var least = (await page.EvaluateAsync<string>(ContrastScript)).Split('|', 2);
                Assert.True(
                    double.Parse(least[0], System.Globalization.CultureInfo.InvariantCulture) >= 4.5,
                    $"{name}: '{least[1]}' has a contrast of {least[0]}."
                );
            }
        }
    }

    private static async Task KeepAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("NURTURE_PICTURES") is { Length: > 0 } folder)
        {
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png"), FullPage = true });
        }
    }
}
