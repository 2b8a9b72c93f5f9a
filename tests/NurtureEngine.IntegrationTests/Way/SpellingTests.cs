using System.Text;
using NurtureEngine.IntegrationTests.Infrastructure;

namespace NurtureEngine.IntegrationTests.Way;

/// <summary>One mailbox, in however many spellings, is one: who has unsubscribed by one of them gets nothing by any.</summary>
public sealed class SpellingTests(PostgresServer server) : HostTests(server)
{
    [Theory]
    [InlineData(
        "uma@example.com",
        "uma@example。com",
        "uma@example.com.",
        "ＵＭＡ@example.com",
        "u\u200Bma@example.com"
    )]
    [InlineData(
        "vic@münchen.example",
        "vic@xn--mnchen-3ya.example",
        "VIC@MÜNCHEN.example",
        "vic@mu\u0308nchen.example"
    )]
    public async Task After_one_unsubscribe_no_spelling_gets_mail(string first, params string[] others)
    {
        await FireAsync("first", first);
        await _host.DrainAsync();
        var letter = Encoding.UTF8.GetString(await _host.ScalarAsync<byte[]>("SELECT message FROM development_inbox"));
        var link = letter.Split("List-Unsubscribe: <")[1].Split('>')[0];
        using var body = new FormUrlEncodedContent([new("List-Unsubscribe", "One-Click")]);
        var answer = await _host.Http.PostAsync(new Uri(new Uri(link).PathAndQuery, UriKind.Relative), body);
        Assert.True(answer.IsSuccessStatusCode);
        await _host.DrainAsync();

        _host.Clock.Advance(TimeSpan.FromDays(30));
        for (var i = 0; i < others.Length; i++)
        {
            await FireAsync($"other-{i}", others[i]);
        }

        await _host.DrainAsync();
        Assert.Single(await InboxAsync());
        Assert.Equal(
            others.Length,
            await _host.ScalarAsync<long>(
                "SELECT count(*) FROM touch WHERE state = 'skipped' AND code = 'address.suppressed'"
            )
        );
    }

    [Fact]
    public async Task The_envelope_is_the_mailable_form()
    {
        await FireAsync("ann", "\u200BAnn.Lee@München.example.");
        await _host.DrainAsync();

        Assert.Equal(
            "Ann.Lee@xn--mnchen-3ya.example",
            Assert.Single(await InboxAsync())!["recipient"]!.GetValue<string>()
        );
    }

    private async Task FireAsync(string key, string address)
    {
        var body = Crm.StageChange(key, "MQL", _host.Clock.GetUtcNow());
        body["data"]!["lead"]!["email"] = address;
        await _crm.FireAsync(body);
    }
}
