using System.Globalization;
using System.Text.RegularExpressions;
using NurtureEngine.Host.Demo.World;

namespace NurtureEngine.Host.Demo;

/// <summary>What recipients and their mail systems do with e-mails: they follow links, load the picture, answer, and send reports.</summary>
internal sealed partial class DemoRecipients : IDisposable
{
    private readonly DemoFaces _faces;
    private readonly HttpClient _person;
    private readonly HttpClient _scanner;

    public DemoRecipients(Uri address, DemoFaces faces)
    {
        _faces = faces;
        _person = Browser(address, "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0");
        _person.DefaultRequestHeaders.AcceptLanguage.ParseAdd("en");
        _scanner = Browser(address, "Mozilla/5.0 (compatible; LinkScanner/1.0)");
    }

    /// <summary>
    /// Does one thing with an e-mail. What the engine calls it, and how many times it was done: none where the e-mail has nothing to click.
    /// </summary>
    public async Task<(string Word, int Times)> DoAsync(
        DemoMail mail,
        DemoDeed deed,
        CancellationToken cancellationToken
    ) =>
        deed switch
        {
            DemoDeed.Open => (
                "opened",
                await VisitAsync(_person, HttpMethod.Get, mail, Picture(), 1, cancellationToken)
            ),
            DemoDeed.Click => (
                "clicked",
                await VisitAsync(_person, HttpMethod.Get, mail, Link(), 1, cancellationToken)
            ),
            DemoDeed.Scan => (
                "scanned",
                await VisitAsync(_scanner, HttpMethod.Get, mail, Link(), int.MaxValue, cancellationToken)
            ),
            DemoDeed.Unsubscribe => (
                "unsubscribed",
                await VisitAsync(_person, HttpMethod.Post, mail, WayOut(), 1, cancellationToken)
            ),
            DemoDeed.Reply => (
                "replied",
                await ReportAsync("inbound", "replied", mail, DemoReports.Reply, cancellationToken)
            ),
            DemoDeed.AutoReply => (
                "auto_replied",
                await ReportAsync("inbound", "auto_replied", mail, DemoReports.AutoReply, cancellationToken)
            ),
            DemoDeed.Complain => (
                "complained",
                await ReportAsync("dsn", "complained", mail, DemoReports.Complaint, cancellationToken)
            ),
            DemoDeed.Bounce => (
                "bounced",
                await ReportAsync(
                    "dsn",
                    "bounced",
                    mail,
                    (to, id) => DemoReports.Bounce(to, id, "5.1.1", "550 5.1.1 User unknown"),
                    cancellationToken
                )
            ),
            DemoDeed.SoftBounce => (
                "bounced_softly",
                await ReportAsync(
                    "dsn",
                    "bounced_softly",
                    mail,
                    (to, id) => DemoReports.Bounce(to, id, "5.2.2", "552 5.2.2 Mailbox full"),
                    cancellationToken
                )
            ),
            _ => throw new InvalidOperationException($"Nobody does {deed}."),
        };

    public void Dispose()
    {
        _person.Dispose();
        _scanner.Dispose();
    }

    private static HttpClient Browser(Uri address, string name)
    {
        var browser = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false })
        {
            BaseAddress = address,
        };
        browser.DefaultRequestHeaders.UserAgent.ParseAdd(name);
        return browser;
    }

    private static async Task<int> VisitAsync(
        HttpClient browser,
        HttpMethod method,
        DemoMail mail,
        Regex pattern,
        int most,
        CancellationToken cancellationToken
    )
    {
        var html = await browser.GetStringAsync(
            new Uri(string.Create(CultureInfo.InvariantCulture, $"/dev/inbox/{mail.Id}/html"), UriKind.Relative),
            cancellationToken
        );
        var places = pattern.Matches(html).Select(match => match.Value).Distinct().Take(most).ToList();
        foreach (var place in places)
        {
            using var request = new HttpRequestMessage(method, place);
            using var answer = await browser.SendAsync(request, cancellationToken);
            // A link that is counted leads on to its target.
            if ((int)answer.StatusCode is < 300 or >= 400)
            {
                await DemoFaces.CheckAsync(answer, cancellationToken);
            }
        }

        return places.Count;
    }

    private async Task<int> ReportAsync(
        string path,
        string expected,
        DemoMail mail,
        Func<string, string, string> write,
        CancellationToken cancellationToken
    )
    {
        var id = MessageId().Match(await _faces.RawAsync(mail, cancellationToken)).Groups[1].Value;
        var heard = await _faces.ReportAsync(path, write(mail.Recipient, id), cancellationToken);
        return heard == expected
            ? 1
            : throw new InvalidDataException(
                $"The engine took what should be '{expected}' for '{heard ?? "nothing"}'."
            );
    }

    [GeneratedRegex("/o/[A-Za-z0-9_-]+")]
    private static partial Regex Picture();

    [GeneratedRegex("/t/[A-Za-z0-9_-]+")]
    private static partial Regex Link();

    [GeneratedRegex("/u/[A-Za-z0-9_-]+")]
    private static partial Regex WayOut();

    [GeneratedRegex(@"^Message-ID:\s*(<[^>]+>)", RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex MessageId();
}
