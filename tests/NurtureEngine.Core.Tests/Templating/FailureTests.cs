using System.Collections.Immutable;
using System.Globalization;
using NurtureEngine.Core.Templating;

namespace NurtureEngine.Core.Tests.Templating;

/// <summary>What is said about a mistake, and where.</summary>
public sealed class FailureTests
{
    [Theory]
    [InlineData("{{ 1m == 1e300 }}")]
    [InlineData("{{ object.from_json `\"\\ud800\"` }}")]
    [InlineData("{{ x - [x] }}")]
    [InlineData("{{ [x] | math.plus 1 }}")]
    [InlineData("{{ (timespan.from_days 10000000) + (timespan.from_days 10000000) }}")]
    [InlineData("{{ 1 | math.format 'D999999999' }}")]
    [InlineData("{{ x | date.parse }}")]
    [InlineData("{{ lead }}")]
    [InlineData("{{ 'x' + lead }}")]
    [InlineData("{{ [lead] | array.join ',' }}")]
    public void What_the_base_library_refuses_is_a_failure_that_quotes_no_value(string template)
    {
        var failed = Assert.IsType<RenderResult.Failed>(Samples.Render(template));

        Assert.DoesNotContain("<i>", failed.Fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_failure_in_a_partial_names_the_partial()
    {
        var partials = new Partials(
            ImmutableSortedDictionary<string, Template>.Empty.Add("p", Samples.Parsed("\n\n{{ lead.nope }}"))
        );
        var missing = Assert.IsType<RenderResult.Missing>(
            Samples
                .Parsed("{{ include 'p' }}")
                .Render(Samples.Model, OutputKind.Text, CultureInfo.InvariantCulture, partials)
        );

        Assert.Contains("in partial 'p', 3:4:", missing.Fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{{ x.y = 1 }}", 1, 6, "can't be")]
    [InlineData("a\n{{ 1 % 0 }}", 2, 6, "by zero")]
    [InlineData("{{ for y in 5 }}{{ end }}", 1, 13, "a list is needed")]
    [InlineData("{{ a = 1; readonly a; a = 2 }}", 1, 23, "read-only")]
    [InlineData("{{ x 1 }}", 1, 4, "no function")]
    public void A_mistake_is_named_with_its_place(string template, int line, int column, string expected)
    {
        var failed = Assert.IsType<RenderResult.Failed>(Samples.Render(template));

        Assert.Equal((line, column), (failed.Fault.Line, failed.Fault.Column));
        Assert.Contains(expected, failed.Fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{{ date.now }}")]
    [InlineData("{{ math.random 1 2 }}")]
    [InlineData("{{ object.eval '1' }}")]
    [InlineData("{{ include x }}")]
    [InlineData("{{ i = @include; i lead.p }}")]
    public void What_is_left_out_says_why(string template)
    {
        Assert.Null(Template.TryParse(template, out var faults));
        Assert.Contains(faults, fault => fault.Message.Contains(':', StringComparison.Ordinal));
    }
}
