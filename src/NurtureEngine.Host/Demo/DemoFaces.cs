using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using NurtureEngine.Channels.Webhooks;
using NurtureEngine.Host.Api.Answers;
using NurtureEngine.Host.Demo.World;

namespace NurtureEngine.Host.Demo;

/// <summary>The engine as a CRM and colleagues see it: webhooks and the API.</summary>
internal sealed class DemoFaces : IDisposable
{
    private readonly HttpClient _colleague;
    private readonly byte[] _secret;
    private readonly Dictionary<string, string> _addresses = [];

    public DemoFaces(Uri address, byte[] secret, string apiKey)
    {
        _secret = secret;
        _colleague = new HttpClient { BaseAddress = address };
        _colleague.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
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

    /// <summary>The e-mails that left after one, oldest first.</summary>
    public async Task<IReadOnlyList<DemoMail>> MailsAfterAsync(long last, CancellationToken cancellationToken)
    {
        var mails = new List<DemoMail>();
        await foreach (var item in ListAsync("/api/dev/inbox?limit=200", cancellationToken))
        {
            var id = long.Parse((string)item["id"]!, CultureInfo.InvariantCulture);
            if (id <= last)
            {
                break;
            }

            mails.Add(new DemoMail(id, (string)item["recipient"]!, (string)item["subject"]!));
        }

        mails.Reverse();
        return mails;
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

    /// <summary>Posts to the API; false where somebody else has settled it meanwhile (409).</summary>
    public async Task<bool> PostAsync(string path, JsonObject body, CancellationToken cancellationToken)
    {
        using var answer = await _colleague.PostAsJsonAsync(new Uri(path, UriKind.Relative), body, cancellationToken);
        if (answer.StatusCode == System.Net.HttpStatusCode.Conflict)
        {
            return false;
        }

        await CheckAsync(answer, cancellationToken);
        return true;
    }

    /// <summary>Hands in a message that came back by mail; what the engine took it for, of the first touch that it names.</summary>
    public async Task<string?> ReportAsync(string path, string message, CancellationToken cancellationToken)
    {
        using var content = new StringContent(message, Encoding.UTF8, "message/rfc822");
        using var answer = await _colleague.PostAsync(
            new Uri($"/webhooks/email/{path}", UriKind.Relative),
            content,
            cancellationToken
        );
        await CheckAsync(answer, cancellationToken);
        var heard = JsonNode.Parse(await answer.Content.ReadAsStringAsync(cancellationToken))!["touches"]!.AsArray();
        return heard.Count == 0 ? null : (string?)heard[0]!["what"];
    }

    /// <summary>An e-mail as it left.</summary>
    public Task<string> RawAsync(DemoMail mail, CancellationToken cancellationToken) =>
        _colleague.GetStringAsync(
            new Uri(string.Create(CultureInfo.InvariantCulture, $"/api/dev/inbox/{mail.Id}.eml"), UriKind.Relative),
            cancellationToken
        );

    /// <summary>Lets one track at a time speak to an account, beside the shipped contact policy.</summary>
    public async Task SpeakWithOneVoiceAsync(CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Patch, new Uri("/api/rulebook", UriKind.Relative))
        {
            Content = new StringContent(
                """{"cadence": {"oneVoicePerAccount": true}}""",
                Encoding.UTF8,
                MergePatch.MediaType
            ),
        };
        request.Headers.IfMatch.ParseAdd("*");
        using var answer = await _colleague.SendAsync(request, cancellationToken);
        await CheckAsync(answer, cancellationToken);
    }

    public static async Task CheckAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        if (!answer.IsSuccessStatusCode)
        {
            throw new InvalidDataException(
                $"{answer.RequestMessage!.RequestUri!.AbsolutePath} answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(cancellationToken)}"
            );
        }
    }

    public void Dispose() => _colleague.Dispose();
}

/// <summary>An e-mail in the development inbox.</summary>
internal sealed record DemoMail(long Id, string Recipient, string Subject);
