using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using NurtureEngine.Core.Intake.WeChat;
using NurtureEngine.IntegrationTests.Infrastructure;
using static NurtureEngine.IntegrationTests.Infrastructure.TrackFolder;

namespace NurtureEngine.IntegrationTests.Intake;

/// <summary>WeChat pushes what followers do, signed, encrypted, and more than once.</summary>
public sealed class WeChatTests(PostgresServer server) : IAsyncLifetime
{
    private const string AppId = "wx0123456789abcdef";
    private const string Key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
    private const string Token = "NurtureToken2024";

    private static readonly WeChatCipher Cipher = new(Key, AppId);

    private readonly TrackFolder _folder = new("wechat");
    private TestHost _host = null!;

    public async ValueTask InitializeAsync()
    {
        await _folder.PublishAsync(
            [Step("r", "Nurture.WaitForReply", ("timeout", Literal("30d"))), Step("g", "Nurture.Goal")],
            "T>r r.Replied>g",
            Step("T", "Nurture.WeChatFollowed", ("scene", Literal("fair-2027")))
        );
        _host = await StartAsync(_folder);
    }

    private async Task<TestHost> StartAsync(TrackFolder folder) =>
        await TestHost.StartAsync(
            await server.CloneAsync(),
            workflows: folder.Path,
            settings: new Dictionary<string, string?>
            {
                ["Nurture:WeChat:Accounts:main:AppId"] = AppId,
                ["Nurture:WeChat:Accounts:main:AppSecret"] = WeChatServer.Secret,
                ["Nurture:WeChat:Accounts:main:Token"] = Token,
                ["Nurture:WeChat:Accounts:main:EncodingAesKey"] = Key,
                ["Nurture:WeChat:Accounts:open:AppId"] = "wxfedcba9876543210",
                ["Nurture:WeChat:Accounts:open:AppSecret"] = WeChatServer.Secret,
                ["Nurture:WeChat:Accounts:open:Token"] = Token,
                ["Nurture:WeChat:Accounts:open:Mode"] = "plain",
            }
        );

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task The_address_is_verified_by_its_echo()
    {
        using var answer = await _host.Http.GetAsync($"{Address("main")}&echostr=5837194057");
        using var forged = await _host.Http.GetAsync($"{Address("main", token: "other")}&echostr=5837194057");
        using var old = await _host.Http.GetAsync($"{Address("main", secondsAgo: 600)}&echostr=5837194057");
        using var unknown = await _host.Http.GetAsync($"{Address("nobody")}&echostr=5837194057");

        Assert.Equal("5837194057", await answer.Content.ReadAsStringAsync());
        Assert.Equal("text/plain", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(
            (HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.NotFound),
            (forged.StatusCode, old.StatusCode, unknown.StatusCode)
        );
    }

    [Fact]
    public async Task A_follower_whom_nobody_knows_is_a_lead_without_an_address_and_starts_the_track_of_the_scene()
    {
        var follow = Event("oAnn", "subscribe", "qrscene_fair-2027");
        await AssertTakenAsync(follow);
        // As WeChat does if it has not heard the answer.
        await AssertTakenAsync(follow);
        await AssertTakenAsync(Event("oBob", "subscribe", ""));
        await _host.DrainAsync();

        Assert.Equal(2, await _host.ScalarAsync<long>("SELECT count(*) FROM inbox"));
        Assert.Equal(2, await _host.ScalarAsync<long>("SELECT count(*) FROM lead"));
        Assert.Equal(0, await _host.ScalarAsync<long>("SELECT count(*) FROM lead_address"));
        Assert.Equal(
            "oAnn",
            await _host.ScalarAsync<string>(
                "SELECT i.external_id FROM enrollment e JOIN lead_identity i ON i.lead_id = e.lead_id"
            )
        );
        Assert.Equal($"wechat:{AppId}", await _host.ScalarAsync<string>("SELECT DISTINCT source FROM lead_identity"));

        await AssertTakenAsync(Push("oAnn", "<MsgType>text</MsgType><Content>价格是多少？</Content><MsgId>71</MsgId>"));
        await _host.DrainAsync();
        Assert.Equal("goal.reached", await _host.ScalarAsync<string>("SELECT code FROM enrollment"));
    }

    [Fact]
    public async Task A_word_of_refusal_withdraws_the_consent_for_the_channel()
    {
        await AssertTakenAsync(Event("oAnn", "subscribe", ""));
        await AssertTakenAsync(Push("oAnn", "<MsgType>text</MsgType><Content>TD</Content><MsgId>72</MsgId>"));
        await _host.DrainAsync();

        Assert.Equal(
            "wechat marketing False wechat:opted_out",
            await _host.ScalarAsync<string>(
                "SELECT concat_ws(' ', channel, purpose, CASE WHEN granted THEN 'True' ELSE 'False' END, origin) FROM consent"
            )
        );
    }

    [Fact]
    public async Task Who_leaves_is_not_welcomed_though_nobody_knew_them()
    {
        await _folder.PublishAsync([Step("g", "Nurture.Goal")], "T>g", Step("T", "Nurture.LeadCreated"), "greeting");
        await _host.DisposeAsync();
        _host = await StartAsync(_folder);
        await AssertTakenAsync(Event("oAnn", "unsubscribe", ""));
        await AssertTakenAsync(Push("oBob", "<MsgType>text</MsgType><Content>退订</Content><MsgId>73</MsgId>"));
        await AssertTakenAsync(Event("oCyd", "CLICK", "prices"));
        await _host.DrainAsync();

        Assert.Equal(
            "oCyd",
            await _host.ScalarAsync<string>(
                "SELECT string_agg(i.external_id, ', ') FROM enrollment e JOIN lead_identity i ON i.lead_id = e.lead_id"
            )
        );
    }

    [Fact]
    public async Task What_can_not_be_trusted_or_read_is_refused_with_its_reason_and_stored_nowhere()
    {
        var sound = Event("oAnn", "subscribe", "");
        var cipherText = Cipher.Encrypt(sound, RandomNumberGenerator.GetBytes(16));
        var stranger = new WeChatCipher(Key, "wx0000000000000000").Encrypt(sound, RandomNumberGenerator.GetBytes(16));
        var bitten = $"{cipherText[..^8]}AAAAAAA=";

        await AssertRefusedAsync(HttpStatusCode.BadRequest, sound, Address("main"), "not encrypted");
        await AssertRefusedAsync(HttpStatusCode.BadRequest, Sealed(cipherText), Address("main"), "msg_signature");
        await AssertRefusedAsync(
            HttpStatusCode.BadRequest,
            Sealed(stranger),
            Address("main", cipherText: stranger),
            "another account's"
        );
        await AssertRefusedAsync(
            HttpStatusCode.BadRequest,
            Sealed(bitten),
            Address("main", cipherText: bitten),
            "can't be read"
        );
        await AssertRefusedAsync(HttpStatusCode.BadRequest, Sealed(cipherText)[..^9], Address("main"), "no XML");
        await AssertRefusedAsync(
            HttpStatusCode.BadRequest,
            "<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><xml><FromUserName>&a;</FromUserName></xml>",
            Address("open"),
            "document type"
        );
        await AssertRefusedAsync(
            HttpStatusCode.BadRequest,
            "<xml><MsgType>text</MsgType></xml>",
            Address("open"),
            "FromUserName"
        );
        await AssertRefusedAsync(HttpStatusCode.Unauthorized, sound, Address("open", token: "other"), "signature");
        await AssertRefusedAsync(HttpStatusCode.Unauthorized, sound, Address("open", secondsAgo: 301), "too old");
        await AssertRefusedAsync(HttpStatusCode.NotFound, sound, Address("nobody"), "no account");
        await AssertRefusedAsync(
            HttpStatusCode.RequestEntityTooLarge,
            new string('x', 300_000),
            Address("open"),
            "larger"
        );

        Assert.Equal(0, await _host.ScalarAsync<long>("SELECT count(*) FROM inbox"));
    }

    [Theory]
    [InlineData("application/xml")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData(null)]
    public async Task A_push_is_taken_whatever_it_says_of_its_type(string? type)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(Event("oAnn", "subscribe", "")));
        content.Headers.ContentType = type is null ? null : new(type);
        using var answer = await _host.Http.PostAsync(Address("open"), content);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(1, await _host.ScalarAsync<long>("SELECT count(*) FROM inbox"));
    }

    [Fact]
    public async Task Only_what_is_encrypted_counts_where_both_are_there()
    {
        var cipherText = Cipher.Encrypt(Event("oAnn", "subscribe", ""), RandomNumberGenerator.GetBytes(16));
        var both = Event("oMallory", "unsubscribe", "")
            .Replace("</xml>", $"<Encrypt>{cipherText}</Encrypt></xml>", StringComparison.Ordinal);
        using var answer = await PostAsync(both, Address("main", cipherText: cipherText));
        await _host.DrainAsync();

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("oAnn", await _host.ScalarAsync<string>("SELECT external_id FROM lead_identity"));
    }

    [Fact]
    public async Task What_is_not_applied_yet_is_kept_and_where_somebody_is_is_not()
    {
        await AssertTakenAsync(
            Push("oAnn", "<MsgType>event</MsgType><Event>LOCATION</Event><Latitude>31.2</Latitude>")
        );
        await AssertTakenAsync(
            Push("oAnn", "<MsgType>event</MsgType><Event>TEMPLATESENDJOBFINISH</Event><MsgID>9</MsgID>")
        );
        await _host.DrainAsync();

        Assert.Equal(
            "wechat.templatesendjobfinish dead",
            await _host.ScalarAsync<string>("SELECT string_agg(concat_ws(' ', type, state), ', ') FROM inbox")
        );
    }

    private async Task AssertTakenAsync(string xml)
    {
        var cipherText = Cipher.Encrypt(xml, RandomNumberGenerator.GetBytes(16));
        using var answer = await PostAsync(Sealed(cipherText), Address("main", cipherText: cipherText));
        Assert.Equal((HttpStatusCode.OK, "success"), (answer.StatusCode, await answer.Content.ReadAsStringAsync()));
    }

    private async Task AssertRefusedAsync(HttpStatusCode status, string body, string address, string reason)
    {
        using var answer = await PostAsync(body, address);
        Assert.Equal(status, answer.StatusCode);
        Assert.Contains(reason, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private async Task<HttpResponseMessage> PostAsync(string body, string address)
    {
        using var content = new StringContent(body, Encoding.UTF8, "text/xml");
        return await _host.Http.PostAsync(address, content);
    }

    private static string Address(string account, string token = Token, int secondsAgo = 0, string? cipherText = null)
    {
        var timestamp = (TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() - secondsAgo).ToString(
            CultureInfo.InvariantCulture
        );
        const string nonce = "846203917";
        var address =
            $"/webhooks/wechat/{account}?signature={WeChatSignature.Of(token, timestamp, nonce)}&timestamp={timestamp}&nonce={nonce}";
        return cipherText is null
            ? address
            : $"{address}&encrypt_type=aes&msg_signature={WeChatSignature.Of(token, timestamp, nonce, cipherText)}";
    }

    private static string Sealed(string cipherText) =>
        $"<xml><ToUserName>gh_nurture</ToUserName><Encrypt><![CDATA[{cipherText}]]></Encrypt></xml>";

    private string Event(string openId, string name, string key) =>
        Push(openId, $"<MsgType>event</MsgType><Event>{name}</Event><EventKey>{key}</EventKey>");

    private string Push(string openId, string xml) =>
        $"<xml><ToUserName>gh_nurture</ToUserName><FromUserName>{openId}</FromUserName><CreateTime>{_host.Clock.GetUtcNow().ToUnixTimeSeconds()}</CreateTime>{xml}</xml>";
}
