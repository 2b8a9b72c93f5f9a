using System.Security.Cryptography;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using NurtureEngine.Core.Intake.WeChat;

namespace NurtureEngine.Core.Tests.Intake.WeChat;

/// <summary>WeChat's signature and encryption, with computed vectors that a second implementation has confirmed.</summary>
public sealed class WeChatCipherTests
{
    private const string Key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
    private const string AppId = "wx0123456789abcdef";
    private const string Token = "NurtureToken2024";
    private const string Timestamp = "1710000000";
    private const string Nonce = "846203917";

    private const string Success =
        "4j/AuRx71kQlxVlzbpsMWDSVBeDN3ufPKR38SvZ2bFOuFrpz3t12n+9hTtWXbG1mxmZ6McuUs8GBFGmJW0a8FQ==";

    private const string FullBlock =
        "4j/AuRx71kQlxVlzbpsMWLdwa700XSzOWDMkXDdU+WrXhtBXvuL5VNxS0ErMd4tIZo79s8UJztLaWwKBqxa4yM4qgdqL3OkFgr6e2LvEJ+p63AqRwhiAQk7153fO6/i1";

    private const string Subscribed =
        "<xml><ToUserName><![CDATA[gh_nurture]]></ToUserName><FromUserName><![CDATA[oTESTopenid0001]]></FromUserName><CreateTime>1710000000</CreateTime><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[subscribe]]></Event><EventKey><![CDATA[qrscene_lead42]]></EventKey></xml>";

    private const string SubscribedCipher =
        "4j/AuRx71kQlxVlzbpsMWLc3Ng7yA7mq5wBM1SQ8DXZjnfVuTGHUNln5K2ocFjUe0pQp1mE74JXYZKBQe7j3j8Hr4ztDL/jszJqIZp2/2tf+2It9cGQmp/pf+lCRwIGW4HElEEOWnkaAy9oqeHHaZm+7Bk6DtwbHmxRMf8dX/6V5Qf9AbTdkFixHAulHvakuMAmOOpl2eI8pgD6Mq9LMX+Ad1pLyy3is8BW0l4XMQHJvL16xIkNfC7zk0YBdrTOFvea7KS+7n7urCAnhV7ZJTEQEp9wR9t9i8I+A68flJtW7UhlLTzCyRwwrIwI/G6JF72ZWfwnss/Jb1ZvsA1BXfqYZ9XQ/cFYyewpKDH2R5Q/doe7OZB2NyxIm+I7/vgXCWkP+w/Q94DUmYjb6ElsLZ8+2HoRbFqJgc/4pY9TD7AU=";

    private static readonly byte[] Random = Encoding.ASCII.GetBytes("0123456789abcdef");
    private static readonly WeChatCipher Cipher = new(Key, AppId);

    [Theory]
    [InlineData(Token, Nonce, "7942f258120e62b568adf12540baf1d39ee7aa45")]
    // A language's order of letters would give another one.
    [InlineData("abcToken", "Znonce", "b369e1f19f8f67f66621693cece35194933b4bac")]
    public void A_signature_is_made_over_the_parts_as_bytes_sort_them(string token, string nonce, string signature)
    {
        Assert.Equal(signature, WeChatSignature.Of(token, Timestamp, nonce));
        Assert.True(WeChatSignature.IsOf(signature, nonce, Timestamp, token));
        Assert.False(WeChatSignature.IsOf(signature[1..], token, Timestamp, nonce));
        Assert.False(WeChatSignature.IsOf("", token, Timestamp, nonce));
        Assert.False(WeChatSignature.IsOf("签名", token, Timestamp, nonce));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(300, true)]
    [InlineData(-300, true)]
    [InlineData(301, false)]
    [InlineData(-301, false)]
    public void A_timestamp_is_five_minutes_old_at_most(int seconds, bool isRecent) =>
        Assert.Equal(
            isRecent,
            WeChatSignature.IsRecent(Timestamp, DateTimeOffset.FromUnixTimeSeconds(1_710_000_000 + seconds))
        );

    [Theory]
    [InlineData("")]
    [InlineData("soon")]
    [InlineData("-1")]
    [InlineData("99999999999999999999")]
    public void What_is_no_timestamp_is_not_recent(string timestamp) =>
        Assert.False(WeChatSignature.IsRecent(timestamp, DateTimeOffset.UnixEpoch));

    [Fact]
    public void The_published_messages_are_encrypted_and_read()
    {
        foreach (
            var (message, cipherText) in new[]
            {
                ("success", Success),
                (new string('x', 26), FullBlock),
                (Subscribed, SubscribedCipher),
            }
        )
        {
            Assert.Equal(cipherText, Cipher.Encrypt(message, Random));
            Assert.Equal(message, Cipher.Decrypt(cipherText));
        }

        Assert.Equal("8258b6b104695916c9e517190cdbfaf482c75d60", WeChatSignature.Of(Token, Timestamp, Nonce, Success));
        Assert.Equal(
            "335e360322ff965d65bb7225e25d3e5ad1d3bc31",
            WeChatSignature.Of(Token, Timestamp, Nonce, SubscribedCipher)
        );
    }

    [Fact]
    public void A_message_of_another_account_or_one_that_was_tampered_with_is_not_read()
    {
        Assert.Null(new WeChatCipher(Key, "wx0000000000000000").Decrypt(Success));
        Assert.Null(Cipher.Decrypt(Success[..^4]));
        Assert.Null(Cipher.Decrypt("not base64"));
        Assert.Null(Cipher.Decrypt(""));
        Assert.Null(Cipher.Decrypt(Encrypted(length: 1_000)));
        Assert.Null(Cipher.Decrypt(Encrypted(length: -1)));
    }

    [Fact]
    public void Whatever_is_sent_is_read_or_refused_and_what_was_encrypted_comes_back()
    {
        var texts = ArbMap.Default.ArbFor<NonNull<string>>().Generator.Select(text => text.Get);
        Prop.ForAll(
                texts.ToArbitrary(),
                text =>
                {
                    var sound = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
                    Assert.Equal(sound, Cipher.Decrypt(Cipher.Encrypt(sound, RandomNumberGenerator.GetBytes(16))));
                    Cipher.Decrypt(Convert.ToBase64String(SHA512.HashData(Encoding.UTF8.GetBytes(text))));
                }
            )
            .QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("")]
    [InlineData("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh")]
    [InlineData("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh!")]
    public void What_is_no_key_is_refused(string key) => Assert.Null(WeChatCipher.KeyOf(key));

    // As the cipher does it, but for the length that it tells.
    private static string Encrypted(int length)
    {
        var plain = new byte[64];
        Random.CopyTo(plain, 0);
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(plain.AsSpan(16), length);
        Encoding.ASCII.GetBytes(AppId).CopyTo(plain, 20);
        plain.AsSpan(38).Fill(26);
        using var aes = Aes.Create();
        aes.Key = WeChatCipher.KeyOf(Key)!;
        return Convert.ToBase64String(aes.EncryptCbc(plain, aes.Key.AsSpan(0, 16), PaddingMode.None));
    }
}
