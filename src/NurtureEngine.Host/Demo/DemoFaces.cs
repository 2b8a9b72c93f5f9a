using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NurtureEngine.Channels.Webhooks;

namespace NurtureEngine.Host.Demo;

/// <summary>The engine as the world sees it: a CRM's webhooks, readers' clicks and answers, and colleagues at the API.</summary>
internal sealed partial class DemoFaces : IDisposable
{
    private readonly HttpClient _colleague;
    private readonly HttpClient _reader;
    private readonly byte[] _secret;
    private readonly Dictionary<string, string> _addresses = [];

    public DemoFaces(Uri address, byte[] secret, string apiKey)
    {
        _secret = secret;
        _colleague = new HttpClient { BaseAddress = address };
        _colleague.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
        _reader = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false })
        {
            BaseAddress = address,
        };
        _reader.DefaultRequestHeaders.UserAgent.ParseAdd("Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0");
        _reader.DefaultRequestHeaders.AcceptLanguage.ParseAdd("en");
    }

    /// <summary>Tells an event as the CRM does.</summary>
    public async Task TellAsync(DemoEvent told, CancellationToken cancellationToken)
    {
        using var request = SignedWebhook.Request(
            new Uri($"/webhooks/crm/{FirstStart.DevSource}", UriKind.Relative),
            _secret,
            string.Create(CultureInfo.InvariantCulture, $"demo-{told.Number}"),
            TimeProvider.System.GetUtcNow(),
            JsonSerializer.SerializeToUtf8Bytes(told.Body)
        );
        using var answer = await _colleague.SendAsync(request, cancellationToken);
        await CheckAsync(answer, cancellationToken);
    }

    /// <summary>The letters that came behind one, oldest first.</summary>
    public async Task<IReadOnlyList<DemoLetter>> LettersBehindAsync(long last, CancellationToken cancellationToken)
    {
        var letters = new List<DemoLetter>();
        await foreach (var item in ListAsync("/api/dev/inbox?limit=200", cancellationToken))
        {
            var id = long.Parse((string)item["id"]!, CultureInfo.InvariantCulture);
            if (id <= last)
            {
                break;
            }

            letters.Add(new DemoLetter(id, (string)item["recipient"]!, (string)item["subject"]!));
        }

        letters.Reverse();
        return letters;
    }

    /// <summary>Does with a letter what a reader would.</summary>
    public async Task DoAsync(DemoLetter letter, DemoDeed deed, CancellationToken cancellationToken)
    {
        if (deed == DemoDeed.Reply)
        {
            await ReplyAsync(letter, cancellationToken);
            return;
        }

        var html = await _reader.GetStringAsync(
            new Uri(string.Create(CultureInfo.InvariantCulture, $"/dev/inbox/{letter.Id}/html"), UriKind.Relative),
            cancellationToken
        );
        var (pattern, method) = deed switch
        {
            DemoDeed.Open => (Picture(), HttpMethod.Get),
            DemoDeed.Click => (Link(), HttpMethod.Get),
            _ => (WayOut(), HttpMethod.Post),
        };
        // A letter that asks for an answer has nothing to click.
        if (pattern.Match(html) is { Success: true } match)
        {
            using var request = new HttpRequestMessage(method, match.Value);
            using var answer = await _reader.SendAsync(request, cancellationToken);
            if ((int)answer.StatusCode is < 300 or >= 400)
            {
                await CheckAsync(answer, cancellationToken);
            }
        }
    }

    private async Task ReplyAsync(DemoLetter letter, CancellationToken cancellationToken)
    {
        var raw = await _colleague.GetStringAsync(
            new Uri(string.Create(CultureInfo.InvariantCulture, $"/api/dev/inbox/{letter.Id}.eml"), UriKind.Relative),
            cancellationToken
        );
        var marked = MessageId().Match(raw).Groups[1].Value;
        var answer =
            $"From: {letter.Recipient}\r\nTo: hello@northwind.example\r\nSubject: Re: your letter\r\nMessage-ID: <re-{letter.Id}@example.com>\r\nIn-Reply-To: {marked}\r\nReferences: {marked}\r\n\r\nThank you, that helps.\r\n";
        using var content = new StringContent(answer, Encoding.UTF8, "message/rfc822");
        using var response = await _colleague.PostAsync(
            new Uri("/webhooks/email/inbound", UriKind.Relative),
            content,
            cancellationToken
        );
        await CheckAsync(response, cancellationToken);
    }

    /// <summary>The address of a lead, whom the API knows by an id of its own.</summary>
    public async Task<string> AddressOfAsync(string leadId, CancellationToken cancellationToken)
    {
        if (!_addresses.TryGetValue(leadId, out var address))
        {
            var lead = JsonNode.Parse(
                await _colleague.GetStringAsync(new Uri($"/api/leads/{leadId}", UriKind.Relative), cancellationToken)
            );
            _addresses[leadId] = address = (string)lead!["fields"]!["email"]!;
        }

        return address;
    }

    /// <summary>All items of a list of the API.</summary>
    public async IAsyncEnumerable<JsonObject> ListAsync(
        string path,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        string? after = null;
        do
        {
            var page = JsonNode
                .Parse(
                    await _colleague.GetStringAsync(
                        new Uri(after is null ? path : $"{path}&after={Uri.EscapeDataString(after)}", UriKind.Relative),
                        cancellationToken
                    )
                )!
                .AsObject();
            foreach (var item in page["items"]!.AsArray())
            {
                yield return item!.AsObject();
            }

            after = (string?)page["next"];
        } while (after is not null);
    }

    /// <summary>Posts to the API; what somebody else has settled meanwhile (409) is left at that.</summary>
    public async Task PostAsync(string path, JsonObject body, CancellationToken cancellationToken)
    {
        using var answer = await _colleague.PostAsJsonAsync(new Uri(path, UriKind.Relative), body, cancellationToken);
        if (answer.StatusCode != System.Net.HttpStatusCode.Conflict)
        {
            await CheckAsync(answer, cancellationToken);
        }
    }

    /// <summary>Nothing leaves at night or on weekends, so that these rules are seen too.</summary>
    public async Task KeepOfficeHoursAsync(CancellationToken cancellationToken)
    {
        var address = new Uri("/api/rulebook", UriKind.Relative);
        using var found = await _colleague.GetAsync(address, cancellationToken);
        await CheckAsync(found, cancellationToken);
        var rulebook = JsonNode.Parse(await found.Content.ReadAsStringAsync(cancellationToken))!["content"]!;
        var cadence = rulebook["cadence"]!;
        cadence["quietHours"] = new JsonObject { ["from"] = "20:00", ["until"] = "08:00" };
        cadence["workingDays"] = new JsonArray("Mon", "Tue", "Wed", "Thu", "Fri");
        using var request = new HttpRequestMessage(HttpMethod.Put, address) { Content = JsonContent.Create(rulebook) };
        request.Headers.IfMatch.Add(found.Headers.ETag!);
        using var answer = await _colleague.SendAsync(request, cancellationToken);
        await CheckAsync(answer, cancellationToken);
    }

    private static async Task CheckAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        if (!answer.IsSuccessStatusCode)
        {
            throw new InvalidDataException(
                $"{answer.RequestMessage!.RequestUri!.AbsolutePath} answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(cancellationToken)}"
            );
        }
    }

    public void Dispose()
    {
        _colleague.Dispose();
        _reader.Dispose();
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

/// <summary>A letter in the development inbox.</summary>
internal sealed record DemoLetter(long Id, string Recipient, string Subject);
