using System.Collections;
using System.Runtime.InteropServices;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(NurtureEngine.BrowserTests.Chromium))]

namespace NurtureEngine.BrowserTests;

/// <summary>A Chromium without a screen, shared by all tests of the run: the one from npm, which is there for x64 alone, else the system's.</summary>
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
        var isPackaged = RuntimeInformation.OSArchitecture == Architecture.X64;
        Browser = await _playwright.Chromium.LaunchAsync(
            new BrowserTypeLaunchOptions
            {
                ExecutablePath = isPackaged ? await PackagedChromium.FindAsync() : SystemsOwn(),
                Env = isPackaged ? EnvironmentWith("LD_LIBRARY_PATH", PackagedChromium.Libraries) : null,
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

    private static string SystemsOwn() =>
        Array.Find(Paths, File.Exists)
        ?? throw new FileNotFoundException("There is no Chromium; install the package 'chromium'.");

    private static IEnumerable<KeyValuePair<string, string>> EnvironmentWith(string name, string value) =>
        Environment
            .GetEnvironmentVariables()
            .Cast<DictionaryEntry>()
            .Select(pair => KeyValuePair.Create((string)pair.Key, (string?)pair.Value ?? ""))
            .Append(KeyValuePair.Create(name, value));

    public async ValueTask DisposeAsync()
    {
        await Browser.DisposeAsync();
        _playwright.Dispose();
    }
}
