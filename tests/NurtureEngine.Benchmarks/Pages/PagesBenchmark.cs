using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using NurtureEngine.Benchmarks.Measuring;

namespace NurtureEngine.Benchmarks.Pages;

/// <summary>
/// The console's pages on the data of a demo, one request at a time: of each the 95th percentile of how long its whole answer takes, of which the
/// slowest page's is the figure. The reference is an answer of the same host that holds nothing.
/// </summary>
internal static partial class PagesBenchmark
{
    private const int Rounds = 60;
    private const string Password = "a long pass phrase of my own";

    private static readonly string[] Pages =
    [
        "/console",
        "/console/tracks",
        "/console/tracks/welcome",
        "/console/leads/1",
        "/console/search?q=a",
        "/console/sending",
        "/console/health",
        "/console/people",
        "/console/audit",
        "/console/account",
    ];

    public static async Task<Result> RunAsync()
    {
        var start = new ProcessStartInfo(
            "dotnet",
            [Path.Combine(AppContext.BaseDirectory, "NurtureEngine.Host.dll"), "demo"]
        )
        {
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        };
        start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        using var demo = Process.Start(start)!;
        try
        {
            return await MeasureAsync(await SignInAddressAsync(demo));
        }
        finally
        {
            using var ended = Process.Start("kill", ["-INT", demo.Id.ToString(CultureInfo.InvariantCulture)]);
            await demo.WaitForExitAsync();
        }
    }

    private static async Task<(Uri Address, string Password)> SignInAddressAsync(Process demo)
    {
        while (await demo.StandardOutput.ReadLineAsync() is { } line)
        {
            if (SignIn().Match(line) is { Success: true } match)
            {
                return (new Uri(match.Groups[1].Value), match.Groups[2].Value);
            }
        }

        throw new InvalidOperationException("The demo ended before it could be looked at.");
    }

    private static async Task<Result> MeasureAsync((Uri Address, string Password) demo)
    {
        using var http = new HttpClient { BaseAddress = demo.Address };
        await SendAsync(
            http,
            "/console/sign-in",
            "sign-in",
            ("Form.UserName", "admin"),
            ("Form.Password", demo.Password)
        );
        await SendAsync(
            http,
            "/console/account",
            "password",
            ("Form.Current", demo.Password),
            ("Form.Next", Password),
            ("Form.Again", Password)
        );
        var slowest = 0.0;
        foreach (var page in Pages)
        {
            var p95 = await TimeAsync(http, page);
            Console.WriteLine($"{page}: 95 of 100 within {p95:F1} ms");
            slowest = Math.Max(slowest, p95);
        }

        return new Result("pages", slowest, "ms (p95 of the slowest page)", await TimeAsync(http, "/healthz/live"));
    }

    private static async Task<double> TimeAsync(HttpClient http, string page)
    {
        var times = new List<double>();
        for (var round = 0; round < Rounds + 5; round++)
        {
            var since = Stopwatch.GetTimestamp();
            using var answer = await http.GetAsync(page);
            await answer.Content.ReadAsByteArrayAsync();
            if (answer.RequestMessage!.RequestUri!.PathAndQuery != page || !answer.IsSuccessStatusCode)
            {
                throw new InvalidOperationException(
                    $"{page} answered {(int)answer.StatusCode} at {answer.RequestMessage.RequestUri}."
                );
            }

            // The first ones compile.
            if (round >= 5)
            {
                times.Add(Stopwatch.GetElapsedTime(since).TotalMilliseconds);
            }
        }

        times.Sort();
        return times[(int)Math.Ceiling(times.Count * 0.95) - 1];
    }

    private static async Task SendAsync(
        HttpClient http,
        string page,
        string form,
        params (string Name, string Value)[] fields
    )
    {
        var token = Token().Match(await http.GetStringAsync(page)).Groups[1].Value;
        using var content = new FormUrlEncodedContent(
            fields
                .Append(("_handler", form))
                .Append(("__RequestVerificationToken", token))
                .Select(field => KeyValuePair.Create(field.Item1, field.Item2))
        );
        using var answer = await http.PostAsync(page, content);
        answer.EnsureSuccessStatusCode();
    }

    [GeneratedRegex(@"^Sign in at (http\S+)/console as admin with (\S+)$")]
    private static partial Regex SignIn();

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex Token();
}
