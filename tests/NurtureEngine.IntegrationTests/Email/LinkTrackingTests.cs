using NurtureEngine.Channels.Email;
using NurtureEngine.Core.Contents;
using NurtureEngine.Core.Touches;

namespace NurtureEngine.IntegrationTests.Email;

/// <summary>Links of e-mails, led over the engine.</summary>
public sealed class LinkTrackingTests
{
    private static readonly MessageLinks Links = new(new Uri("https://go.example.com"), new byte[32]);
    private static readonly TouchId Touch = new(Guid.Parse("01020304-0506-0708-090a-0b0c0d0e0f10"));

    [Theory]
    [InlineData("<a href=\"https://a.example/x?a=1&amp;b=2\">x</a>", "https://a.example/x?a=1&b=2")]
    [InlineData("<A class='b' HREF = 'http://a.example'>x</A>", "http://a.example/")]
    [InlineData("<a title=\"a > b\" href=\"https://a.example/\">x</a>", "https://a.example/")]
    [InlineData("<a data-href=\"https://no.example\" href=\"https://a.example/\">x</a>", "https://a.example/")]
    [InlineData("<!--[if mso]><a href=\"https://a.example/\">x</a><![endif]-->", "https://a.example/")]
    public void A_link_is_led_over_the_engine(string html, string target)
    {
        var (email, targets) = Apply(html);

        Assert.Equal([target], targets);
        Assert.Contains($"\"{Links.Click(Touch, 0)}\"", email.Html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<a href=\"mailto:ann@example.com\">x</a>")]
    [InlineData("<a href=\"#top\">x</a>")]
    [InlineData("<a href=\"tel:+491234\">x</a>")]
    [InlineData("<a name=\"https://a.example\">x</a>")]
    [InlineData("<abbr href=\"https://a.example\">x</abbr>")]
    public void What_leads_nowhere_else_is_left_as_it_is(string html)
    {
        var (email, targets) = Apply(html);

        Assert.Empty(targets);
        Assert.Equal(html, email.Html);
    }

    [Fact]
    public void The_way_out_is_not_counted_and_a_link_that_comes_twice_is_one()
    {
        var (email, targets) = LinkTracking.Apply(
            new RenderedEmail(
                "en",
                "",
                "",
                $"<body><a href=\"{Links.Unsubscribe(Touch)}\">out</a><a href=\"https://a.example/1\">1</a><a href=\"https://a.example/1\">1</a></body>",
                $"Look at https://a.example/2, or https://a.example/1. Out: {Links.Unsubscribe(Touch)}\n"
            ),
            Touch,
            Links,
            clicks: true,
            opens: true
        );

        Assert.Equal(["https://a.example/1", "https://a.example/2"], targets);
        Assert.Contains(Links.Unsubscribe(Touch), email.Html, StringComparison.Ordinal);
        Assert.EndsWith("</body>", email.Html, StringComparison.Ordinal);
        Assert.Contains($"<img src=\"{Links.Open(Touch)}\"", email.Html, StringComparison.Ordinal);
        Assert.Equal(
            $"Look at {Links.Click(Touch, 1)}, or {Links.Click(Touch, 0)}. Out: {Links.Unsubscribe(Touch)}\n",
            email.Text
        );
    }

    private static (RenderedEmail Email, string[] Targets) Apply(string html) =>
        LinkTracking.Apply(new RenderedEmail("en", "", "", html, null), Touch, Links, clicks: true, opens: false);
}
