using NurtureEngine.Core.Contents;
using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Rulebooks;

namespace NurtureEngine.Core.Tests.Contents;

/// <summary>What the law wants in a marketing e-mail, whatever its author wrote.</summary>
public sealed class LegalDutiesTests
{
    private const string Url = "https://go.example.com/u/abc";
    private static readonly Sender Sender = new("N", "n@example.com", null, "Acme & Co", "1 Street & Road, Dublin");

    [Fact]
    public void What_the_author_left_out_is_added()
    {
        var email = Apply(new RenderedEmail("en", "Hello", "", "<html><body><p>Hi</p></body></html>", "Hi\n"));

        Assert.Contains($"<a href=\"{Url}\"", email.Html, StringComparison.Ordinal);
        Assert.Contains("1 Street &amp; Road, Dublin", email.Html, StringComparison.Ordinal);
        Assert.EndsWith("</body></html>", email.Html, StringComparison.Ordinal);
        Assert.Contains($"Unsubscribe: {Url}", email.Text, StringComparison.Ordinal);
        Assert.Contains("Acme & Co, 1 Street & Road, Dublin", email.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_author_wrote_is_left_as_it_is()
    {
        var whole = new RenderedEmail(
            "en",
            "Hello",
            "",
            $"<p>1 Street &amp; Road, Dublin <a href='{Url}'>out</a></p>",
            null
        );

        Assert.Equal(whole, Apply(whole));
    }

    [Fact]
    public void Service_mail_is_left_as_it_is()
    {
        var email = new RenderedEmail("zh-CN", "您好", "", "<p>Hi</p>", null);

        Assert.Equal(email, LegalDuties.Apply(email, "service", Lead("CN", null), Sender, Url));
    }

    [Theory]
    [InlineData("CN", null, "zh-CN", "您好", "广告：您好")]
    [InlineData("CN", null, "zh-CN", "广告投放指南", "广告：广告投放指南")]
    [InlineData("CN", null, "en", "Ad hoc reports", "AD: Ad hoc reports")]
    [InlineData("cn", null, "en", "Hello", "AD: Hello")]
    [InlineData(null, "Asia/Shanghai", "zh-CN", "您好", "广告：您好")]
    [InlineData("DE", "Asia/Shanghai", "en", "Hello", "Hello")]
    [InlineData(null, null, "zh-CN", "您好", "您好")]
    [InlineData("CN", null, "zh-CN", "【广告】您好", "【广告】您好")]
    [InlineData("CN", null, "en", "ADVICE for you", "AD: ADVICE for you")]
    public void Readers_in_China_see_that_it_is_an_advertisement(
        string? country,
        string? zone,
        string language,
        string subject,
        string expected
    ) =>
        Assert.Equal(
            expected,
            LegalDuties
                .Apply(
                    new RenderedEmail(language, subject, "", "<p></p>", null),
                    "marketing",
                    Lead(country, zone),
                    Sender,
                    Url
                )
                .Subject
        );

    [Fact]
    public void Where_nothing_else_is_known_the_domain_of_the_address_speaks()
    {
        var lead = Lead(null, null);
        var stamp = new Stamp(null, DateTimeOffset.UnixEpoch);

        Assert.True(
            LegalDuties.NeedsMark(lead with { Fields = lead.Fields.With([new("email", "li@example.CN")], stamp) })
        );
        Assert.False(
            LegalDuties.NeedsMark(lead with { Fields = lead.Fields.With([new("email", "li@cn.example.com")], stamp) })
        );
    }

    private static RenderedEmail Apply(RenderedEmail email) =>
        LegalDuties.Apply(email, "marketing", Lead(null, null), Sender, Url);

    private static Lead Lead(string? country, string? zone) =>
        new()
        {
            Key = new ExternalKey("crm", "ann"),
            Fields = FieldSet.Empty.With(
                new Dictionary<string, string?> { ["country"] = country, ["time_zone"] = zone }.Where(field =>
                    field.Value is not null
                ),
                new Stamp(null, DateTimeOffset.UnixEpoch)
            ),
        };
}
