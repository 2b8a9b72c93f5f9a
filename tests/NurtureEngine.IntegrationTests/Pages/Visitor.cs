using System.Net;
using System.Text.RegularExpressions;
using NurtureEngine.IntegrationTests.Infrastructure;

namespace NurtureEngine.IntegrationTests.Pages;

/// <summary>Somebody with a browser: keeps cookies, follows no redirects, and sends forms with the token of the page they stand on.</summary>
internal sealed partial class Visitor(TestHost host, TestHost? other = null) : IDisposable
{
    private readonly HttpClientHandler _handler = new() { AllowAutoRedirect = false, UseCookies = false };

    /// <summary>The cookies, by name; they go to every host.</summary>
    public Dictionary<string, string> Cookies { get; } = new(StringComparer.Ordinal);

    public string Language { get; set; } = "en";

    /// <summary>What a proxy says of where the requests come from; null where there is none.</summary>
    public string? ForwardedFor { get; set; }

    private int _requests;

    /// <summary>What an Authorization header holds; null sends none.</summary>
    public string? Authorization { get; set; }

    public void Dispose() => _handler.Dispose();

    public Task<HttpResponseMessage> GetAsync(string path, TestHost? at = null) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Get, path), at);

    /// <summary>Where an answer leads, without the host.</summary>
    public string TargetOf(HttpResponseMessage answer) =>
        new Uri(host.Http.BaseAddress!, answer.Headers.Location!).PathAndQuery;

    /// <summary>The text of a page that has to be there.</summary>
    public async Task<string> ReadAsync(string path)
    {
        using var answer = await GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Opens a page, fills in its form and sends it.</summary>
    public async Task<HttpResponseMessage> FillInAsync(
        string page,
        string form,
        params (string Name, string Value)[] fields
    )
    {
        var token = await TokenOfAsync(page);
        return await PostAsync(page, [("_handler", form), ("__RequestVerificationToken", token), .. fields]);
    }

    /// <summary>The token of a page's forms.</summary>
    public async Task<string> TokenOfAsync(string page) => Token().Match(await ReadAsync(page)).Groups[1].Value;

    public Task<HttpResponseMessage> PostAsync(string path, params (string Name, string Value)[] fields) =>
        SendAsync(
            new HttpRequestMessage(HttpMethod.Post, path)
            {
                Content = new FormUrlEncodedContent(
                    fields.Select(field => KeyValuePair.Create(field.Name, field.Value))
                ),
            },
            at: null
        );

    /// <summary>Sends JSON as a script of the site's own pages does; headers given here replace what a browser says.</summary>
    public Task<HttpResponseMessage> SendJsonAsync(
        HttpMethod method,
        string path,
        string json,
        params (string Name, string Value)[] headers
    )
    {
        var request = new HttpRequestMessage(method, path)
        {
            Content = new StringContent(json, System.Text.Encoding.UTF8, "application/json"),
        };
        foreach (
            var (name, value) in headers.Append(("Sec-Fetch-Site", "same-origin")).DistinctBy(header => header.Item1)
        )
        {
            request.Headers.Add(name, value);
        }

        return SendAsync(request, at: null);
    }

    public Task<HttpResponseMessage> SignInAsync(string userName, string password, string returnUrl = "/console") =>
        FillInAsync(
            $"/console/sign-in?returnUrl={Uri.EscapeDataString(returnUrl)}",
            "sign-in",
            ("Form.UserName", userName),
            ("Form.Password", password)
        );

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, TestHost? at)
    {
        // With another host, requests go to the two by turns.
        at ??= _requests++ % 2 == 0 ? host : other ?? host;
        request.RequestUri = new Uri(at.Http.BaseAddress!, request.RequestUri!.ToString());
        if (ForwardedFor is not null)
        {
            request.Headers.Add("X-Forwarded-For", ForwardedFor);
        }

        request.Headers.Add("Accept-Language", Language);
        request.Headers.Add("User-Agent", "Test/1.0");
        if (Authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", Authorization);
        }

        if (Cookies.Count > 0)
        {
            request.Headers.Add("Cookie", string.Join("; ", Cookies.Select(cookie => $"{cookie.Key}={cookie.Value}")));
        }

        using var http = new HttpClient(_handler, disposeHandler: false);
        var answer = await http.SendAsync(request);
        foreach (var cookie in answer.Headers.TryGetValues("Set-Cookie", out var set) ? set : [])
        {
            var pair = cookie.Split(';')[0].Split('=', 2);
            Cookies[pair[0]] = pair[1];
        }

        return answer;
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex Token();
}
