using System.Text;
using NurtureEngine.Core.Touches;

namespace NurtureEngine.Core.Tests.Touches;

/// <summary>Tokens of links, return paths, and who is behind a request.</summary>
public sealed class LinkTests
{
    private static readonly byte[] Key = Encoding.ASCII.GetBytes("link-signing-demo-key-32-bytes!!");
    private static readonly byte[] Older = Encoding.ASCII.GetBytes("an-older-key-of-32-bytes-length!");
    private static readonly TouchId Touch = new(Guid.Parse("01020304-0506-0708-090a-0b0c0d0e0f10"));

    [Fact]
    public void A_token_says_what_it_was_made_for_under_every_key_that_is_known()
    {
        var link = new LinkToken(Touch, 513, LinkKind.Click);

        Assert.Equal(link, LinkToken.Read(link.Sign(Key), [Key]));
        Assert.Equal(link, LinkToken.Read(link.Sign(Older), [Key, Older]));
        Assert.Null(LinkToken.Read(link.Sign(Older), [Key]));
        Assert.Equal(39, link.Sign(Key).Length);
        Assert.StartsWith("AQIDBAUGBwgJCgsMDQ4PEAIBA", link.Sign(Key), StringComparison.Ordinal);
    }

    [Fact]
    public void A_token_of_which_anything_was_changed_says_nothing()
    {
        var token = new LinkToken(Touch, 0, LinkKind.Unsubscribe).Sign(Key);

        // Of the last character two bits are padding.
        for (var i = 0; i < token.Length - 1; i++)
        {
            var changed = $"{token[..i]}{(token[i] == 'A' ? 'B' : 'A')}{token[(i + 1)..]}";
            Assert.Null(LinkToken.Read(changed, [Key]));
        }

        Assert.All(
            new[] { "", "x", token[1..], token + "AA", new string('A', 5_000), "ä" },
            text => Assert.Null(LinkToken.Read(text, [Key]))
        );
    }

    [Fact]
    public void A_return_path_has_the_published_form()
    {
        var key = Encoding.ASCII.GetBytes("verp-demo-key");

        Assert.Equal(
            "b+msg-0001.axqtuo2w@bounce.mail.example.com",
            ReturnPath.Of("msg-0001", key, "bounce.mail.example.com")
        );
    }

    [Fact]
    public void A_return_path_names_its_touch_unless_it_was_made_up()
    {
        var address = ReturnPath.Of(Touch, Key, "bounce.example.com");

        Assert.Equal(Touch, ReturnPath.Read(address, Key));
        Assert.Equal(Touch, ReturnPath.Read($"<{address.ToUpperInvariant()}>", Key));
        Assert.Null(ReturnPath.Read(address, Older));
        Assert.Null(ReturnPath.Read("ann@example.com", Key));
        Assert.Null(ReturnPath.Read("b+.@", Key));
        Assert.InRange(address.Split('@')[0].Length, 1, 64);
    }

    [Theory]
    [InlineData("GET", "Mozilla/5.0 (Windows NT 10.0)", "en", 60, true)]
    [InlineData("GET", "Mozilla/5.0 (Windows NT 10.0)", "en", 2, false)]
    [InlineData("HEAD", "Mozilla/5.0 (Windows NT 10.0)", "en", 60, false)]
    [InlineData("GET", "Mozilla/5.0 (Windows NT 10.0)", null, 60, false)]
    [InlineData("GET", "Mozilla/5.0 (compatible; SafeLinks)", "en", 60, false)]
    [InlineData("GET", null, "en", 60, false)]
    [InlineData("GET", "Mozilla/5.0 (via ggpht.com GoogleImageProxy)", null, 60, true)]
    public void A_machine_is_told_from_a_person(
        string method,
        string? program,
        string? language,
        int seconds,
        bool expected
    ) => Assert.Equal(expected, HitClass.IsPerson(method, program, language, TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void A_rate_lets_a_second_through_at_once_and_then_so_many_a_second()
    {
        var bucket = new TokenBucket(10, TimeSpan.Zero);
        var now = TimeSpan.FromSeconds(100);
        var waits = new List<double>();
        for (var i = 0; i < 4; i++)
        {
            (var wait, bucket) = bucket.Take(10, now);
            waits.Add(wait.TotalSeconds);
        }

        Assert.Equal([0, 1, 2, 3], waits);
    }
}
