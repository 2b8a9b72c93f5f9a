using System.Text;
using NurtureEngine.Core.Intake;

namespace NurtureEngine.Core.Tests.Intake;

/// <summary>The published vectors of Standard Webhooks, and what must not pass.</summary>
public sealed class WebhookSignatureTests
{
    private const string Secret = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    private const string NextSecret = "whsec_ZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXp7fH1+f4CBgoM=";
    private const string Signature = "v1,IouFwjXJ12qs1sG1/w+5fs9ej8AUJZkkoHKnlMjycLY=";
    private const string NextSignature = "v1,wPp/F2Iw0SRTlpg45P1KDBM3kvgy0u+rFscMpq4IpGc=";
    private static readonly byte[] Body = Encoding.UTF8.GetBytes(
        """{"type":"lead.stage_changed","timestamp":"2024-03-09T16:00:00Z","data":{"leadId":"L-42","from":"mql","to":"sql"}}"""
    );
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_710_000_000);

    [Theory]
    [InlineData(Secret, "msg_demo_0001", 1_710_000_000, null, Signature)]
    [InlineData(NextSecret, "msg_demo_0001", 1_710_000_000, null, NextSignature)]
    [InlineData(
        "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1_614_265_330,
        """{"test": 2432232314}""",
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    )]
    public void Signing_gives_the_published_vectors(
        string secret,
        string id,
        long timestamp,
        string? body,
        string expected
    ) =>
        Assert.Equal(
            expected,
            WebhookSignature.Sign(
                WebhookSignature.KeyOf(secret)!,
                id,
                timestamp,
                body is null ? Body : Encoding.UTF8.GetBytes(body)
            )
        );

    [Theory]
    [InlineData(Signature)]
    [InlineData("v1a,AAAA " + Signature)]
    [InlineData(NextSignature + " " + Signature)]
    [InlineData("nonsense v1,%%% " + Signature)]
    public void Any_entry_of_a_known_scheme_and_key_is_enough(string signatures) => Assert.True(Verify(signatures));

    [Theory]
    [InlineData("")]
    [InlineData(NextSignature)]
    [InlineData("v1a,IouFwjXJ12qs1sG1/w+5fs9ej8AUJZkkoHKnlMjycLY=")]
    [InlineData("v1,IouFwjXJ12qs1sG1/w+5fs9ej8AUJZkkoHKnlMjyc")]
    public void Other_signatures_are_refused(string signatures) => Assert.False(Verify(signatures));

    [Fact]
    public void Both_keys_of_a_rotation_verify() => Assert.True(Verify(NextSignature, keys: [Secret, NextSecret]));

    [Theory]
    [InlineData(300, true)]
    [InlineData(-300, true)]
    [InlineData(301, false)]
    [InlineData(-301, false)]
    public void A_timestamp_may_be_five_minutes_off(int seconds, bool expected) =>
        Assert.Equal(expected, Verify(Signature, now: Now.AddSeconds(seconds)));

    [Fact]
    public void One_more_space_in_the_body_is_another_body() =>
        Assert.False(Verify(Signature, body: [.. Body, (byte)' ']));

    [Theory]
    [InlineData("1710000000.0")]
    [InlineData("-1710000000")]
    [InlineData("")]
    public void A_timestamp_is_whole_seconds(string timestamp) =>
        Assert.False(
            WebhookSignature.Verify([WebhookSignature.KeyOf(Secret)!], "msg_demo_0001", timestamp, Signature, Body, Now)
        );

    [Theory]
    [InlineData("whsec_short")]
    [InlineData("whsec_AAAA")]
    [InlineData("not base64 at all!")]
    public void A_secret_is_base64_of_24_to_64_bytes(string secret) => Assert.Null(WebhookSignature.KeyOf(secret));

    private static bool Verify(
        string signatures,
        byte[]? body = null,
        DateTimeOffset? now = null,
        string[]? keys = null
    ) =>
        WebhookSignature.Verify(
            [.. (keys ?? [Secret]).Select(key => WebhookSignature.KeyOf(key)!)],
            "msg_demo_0001",
            "1710000000",
            signatures,
            body ?? Body,
            now ?? Now
        );
}
