using System.Text.RegularExpressions;
using NurtureEngine.Channels.Email;
using NurtureEngine.Core.Contents;
using NurtureEngine.Core.Leads;

namespace NurtureEngine.IntegrationTests.Shipped;

/// <summary>Every shipped content, as each of a sample audience would get it.</summary>
public sealed partial class ShippedContentTests
{
    private const string Url = "https://nurture.example/u/abc";

    [Fact]
    public async Task Every_content_renders_for_every_role_tier_and_language()
    {
        var product = await ShippedProduct.ReadAsync();
        var sender = product.Rulebook.Senders["default"];

        foreach (var content in product.Contents.Values)
        {
            foreach (var (role, tier, language, isRich) in Audience())
            {
                var (email, fault) = EmailRenderer.Render(
                    content,
                    SampleAudience.Of(role, language, isRich),
                    SampleAudience.Account(tier, isRich),
                    sender,
                    "en",
                    Url
                );
                var who = $"{content.Source.Key} for {role}, {tier}, {language}, {(isRich ? "rich" : "bare")}";
                Assert.True(fault is null, $"{who}: {fault}");
                Check(email!, content.Source.Purpose, sender.PostalAddress, who);
            }
        }
    }

    [Fact]
    public async Task Every_content_says_what_it_is_for()
    {
        var product = await ShippedProduct.ReadAsync();
        var stages = product.Rulebook.LifeCycles.Single().Stages.Select(stage => stage.Name).ToList();

        foreach (var (key, content) in product.Contents)
        {
            var metadata = content.Source.Metadata;
            Assert.True(
                metadata is { Cognition: not null, Depth: not null, Format: not null, CallToAction: not null },
                key
            );
            Assert.NotEmpty(metadata!.Stages);
            Assert.Empty(metadata.Stages.Except(stages));
            Assert.Equal(["en", "zh-CN"], content.Source.Languages.Keys);
            // What is asked for by a click needs something to click.
            Assert.All(
                content.Source.Languages.Values,
                texts =>
                    Assert.Equal(
                        metadata.CallToAction != "reply",
                        texts.Html.Contains("button.html", StringComparison.Ordinal)
                    )
            );
        }
    }

    private static IEnumerable<(string? Role, Tier Tier, string Language, bool IsRich)> Audience() =>
        from role in BuyerRole.All.Append(null)
        from tier in Enum.GetValues<Tier>()
        from language in new[] { "en", "zh-CN" }
        from isRich in new[] { true, false }
        select (role, tier, language, isRich);

    private static void Check(RenderedEmail email, string purpose, string postalAddress, string who)
    {
        var text = PlainText.FromHtml(email.Html);
        Assert.True(email.Subject.Length is > 3 and <= 78, $"{who}: subject '{email.Subject}'");
        Assert.True(email.Preheader.Length is > 5 and <= 110, $"{who}: preheader '{email.Preheader}'");
        Assert.False(email.Html.Contains("{{", StringComparison.Ordinal), who);
        Assert.True(text.Contains(postalAddress, StringComparison.Ordinal), who);
        Assert.Equal(purpose == "marketing", text.Contains(Url, StringComparison.Ordinal));
        Assert.Equal(email.Language == "zh-CN", Chinese().IsMatch(text.Split('\n')[2]));
        Assert.False(Slip().IsMatch(text), $"{who}: '{Slip().Match(text).Value}' in\n{text}");
        Assert.False(text.Contains(email.Preheader, StringComparison.Ordinal), $"{who}: the preheader is said twice");
    }

    [GeneratedRegex(@"\p{IsCJKUnifiedIdeographs}")]
    private static partial Regex Chinese();

    // What a missing or doubled value leaves behind: blanks before a comma, doubled stops, an empty pair of brackets.
    [GeneratedRegex(@" ,| \.(?!\.)|\.\.|,,|，，|。。|\(\)|（）|“”|Hello ,|null")]
    private static partial Regex Slip();
}
