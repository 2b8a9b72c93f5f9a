using NurtureEngine.IntegrationTests.Infrastructure;

namespace NurtureEngine.BrowserTests;

public sealed class ProbeTests(Chromium chromium, PostgresServer server)
{
    [Fact]
    public async Task Probe()
    {
        await using var console = await ConsolePages.OpenAsync(chromium, server, 1600);
        await console.SignInAsync();
        var page = console.Page;
        var bodies = new List<string>();
        page.Request += (_, r) =>
        {
            if (r.Url.Contains("/elsa/api") && r.Method == "POST")
            {
                bodies.Add(r.Url + "\n" + r.PostData);
            }
        };
        await page.GotoAsync("/studio/workflows/definitions/welcome/edit");
        await page.Locator("elsa-activity-wrapper").First.WaitForAsync(new() { Timeout = 120000 });
        await page.WaitForTimeoutAsync(3000);
        await page.ScreenshotAsync(new() { Path = "/tmp/pics/probe1.png" });
        Console.WriteLine(
            await page.EvaluateAsync<string>("() => document.querySelector('.x6-node').outerHTML.slice(0,1500)")
        );
        var edit = page.Locator(".mud-input-control", new() { HasText = "At most" }).Locator("input");
        await page.EvaluateAsync(
            "() => fetch('/elsa/api/workflow-definitions/by-definition-id/welcome?versionOptions=Latest').then(r=>r.json()).then(d=>{ const s=d.root.activities.find(a=>a.id==='answer'); s.timeout.expression.value='soon'; return fetch('/elsa/api/workflow-definitions',{method:'POST',headers:{'content-type':'application/json','X-Nurture-Editor':document.querySelector('elsa-workflow-definition-editor').getAttribute('tenant-id')},body:JSON.stringify({model:d,publish:false})})})"
        );
        await page.Locator(".problems .fault button").ClickAsync();
        await page.WaitForTimeoutAsync(2000);
        await page.ScreenshotAsync(new() { Path = "/tmp/pics/probe3.png" });
        await edit.First.FillAsync("6d");
        await edit.First.PressAsync("Tab");
        await page.WaitForTimeoutAsync(3000);
        await page.ScreenshotAsync(new() { Path = "/tmp/pics/probe2.png" });
        Console.WriteLine(string.Join("\n", console.Errors));
        await File.WriteAllTextAsync("/tmp/pics/bodies.txt", string.Join("\n\n", bodies));
        Console.WriteLine(string.Join("\n", bodies.Select(b => b[..Math.Min(200, b.Length)])));
    }
}
