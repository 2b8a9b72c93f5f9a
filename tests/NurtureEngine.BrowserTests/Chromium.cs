using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(NurtureEngine.BrowserTests.Chromium))]

namespace NurtureEngine.BrowserTests;

/// <summary>The system's Chromium, without a screen, shared by all tests of the run.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private static readonly string[] Paths =
    [
        "/usr/bin/chromium",
        "/usr/bin/chromium-browser",
        "/usr/bin/google-chrome",
    ];

    private IPlaywright _playwright = null!;

    public IBrowser Browser { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _playwright = await Playwright.CreateAsync();
        Browser = await _playwright.Chromium.LaunchAsync(
            new BrowserTypeLaunchOptions
            {
                ExecutablePath =
                    Array.Find(Paths, File.Exists)
                    ?? throw new FileNotFoundException("There is no Chromium; install the package 'chromium'."),
                // It may run as root, and must not look for anything outside of this machine.
                Args =
                [
                    "--no-sandbox",
                    "--disable-gpu",
                    "--disable-quic",
                    "--disable-background-networking",
                    "--disable-component-update",
                    "--disable-sync",
                ],
            }
        );
    }

    public async ValueTask DisposeAsync()
    {
        await Browser.DisposeAsync();
        _playwright.Dispose();
    }
}
