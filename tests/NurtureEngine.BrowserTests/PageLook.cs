using System.Text.Json;
using Microsoft.Playwright;

namespace NurtureEngine.BrowserTests;

/// <summary>Looks at a page as its readers would: with axe-core, for words that are missing, and whether it fits.</summary>
internal static class PageLook
{
    private static readonly string Axe = File.ReadAllText(
        Path.Combine(Repository.Root, "node_modules", "axe-core", "axe.min.js")
    );

    /// <summary>With <c>NURTURE_PICTURES</c> set, a picture of the page is kept in that folder.</summary>
    public static async Task LookAsync(this IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("NURTURE_PICTURES") is { Length: > 0 } folder)
        {
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png"), FullPage = true });
        }

        Assert.True(
            await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= window.innerWidth"),
            $"{name} has to be scrolled sideways."
        );
        // What has no words of its own shows the key by which they are looked up.
        Assert.DoesNotMatch(
            @"(?m)(^|\s)(frame|signIn|password|sessions|home|audit|denied|people|role|tracks?|health|sending|search|setting|lead|state|group|zone|reach|confirm|check|waiting|totp|inbox|mail|forgot|invitation|parts)\.[a-zA-Z_.]+(?<!signed_in|password\.changed|lead\.score)($|\s)",
            await page.EvaluateAsync<string>(
                "[...document.querySelectorAll('body *')].filter(one => !one.closest('code, pre, script')).flatMap(one => [...one.childNodes]).filter(one => one.nodeType === 3).map(one => one.textContent).join('\\n')"
            )
        );
        var found = await page.EvaluateAsync<JsonElement>(
            $$"""
            async () => {
              {{Axe}};
              const result = await axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"] });
              return result.violations.filter(one => ["serious", "critical"].includes(one.impact)).map(one => `${one.id}: ${one.nodes.map(node => node.html).join(" | ")}`);
            }
            """
        );
        Assert.Empty(found.EnumerateArray().Select(one => $"{name}: {one.GetString()}"));
    }
}
