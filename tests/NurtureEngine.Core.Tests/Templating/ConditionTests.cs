using System.Globalization;
using NurtureEngine.Core.Templating;

namespace NurtureEngine.Core.Tests.Templating;

/// <summary>Conditions: the same language, one expression, yes or no.</summary>
public sealed class ConditionTests
{
    private static readonly IModel Model = JsonModel.Parse(
        """{"lead": {"score": 60, "country": "DE", "tags": ["vip"], "title": null, "stages": {"customer": "MQL"}}}"""
    );

    [Theory]
    [InlineData("lead.score >= 60", true)]
    [InlineData("lead.score > 60", false)]
    [InlineData("lead.country == 'DE' && lead.stages.customer == \"MQL\"", true)]
    [InlineData("lead.country == 'US' || lead.score == 60", true)]
    [InlineData("lead.title", false)]
    [InlineData("!lead.title", true)]
    [InlineData("lead.title == 'CTO'", false)]
    [InlineData("lead.nothing > 5", false)]
    [InlineData("lead.tags | array.contains 'vip'", true)]
    [InlineData("(lead.title ?? 'none') == 'none'", true)]
    public void A_condition_holds_or_does_not(string text, bool expected)
    {
        var condition = Condition.TryParse(text, out var faults);

        Assert.Empty(faults);
        Assert.Equal(expected, condition!.Holds(Model, CultureInfo.InvariantCulture, out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("lead.score >=")]
    [InlineData("lead.score = 5")]
    [InlineData("lead.score | string.no")]
    [InlineData("a b; c")]
    public void What_is_no_condition_is_refused(string text)
    {
        Assert.Null(Condition.TryParse(text, out var faults));
        Assert.NotEmpty(faults);
    }

    [Fact]
    public void A_condition_tells_what_it_reads() =>
        Assert.Equal(
            ["lead.country", "lead.score"],
            Condition
                .TryParse("lead.score > 5 && (lead.country | string.upcase) == 'DE'", out _)!
                .Fields.Select(field => field.Path)
                .Order(StringComparer.Ordinal)
        );
}
