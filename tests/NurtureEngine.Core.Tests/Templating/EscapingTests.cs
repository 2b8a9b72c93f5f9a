using System.Globalization;
using NurtureEngine.Core.Templating;

namespace NurtureEngine.Core.Tests.Templating;

/// <summary>What reaches the page: values escaped, text whole, and every unescaped print listed.</summary>
public sealed class EscapingTests
{
    [Theory]
    [InlineData("{{ x }}", "&lt;i&gt;")]
    [InlineData("{{ x | html.raw }}", "<i>")]
    [InlineData("{{ x | html.escape }}", "&lt;i&gt;")]
    [InlineData("{{ x | string.upcase }}", "&lt;I&gt;")]
    [InlineData("{{ x | html.raw | string.upcase }}", "&lt;I&gt;")]
    [InlineData("{{ capture c }}<p>{{ x }}</p>{{ end }}{{ c }}", "<p>&lt;i&gt;</p>")]
    [InlineData("{{ capture c }}<b>{{ end }}{{ c + x }}|{{ $\"{c}{x}\" }}", "&lt;b&gt;&lt;i&gt;|&lt;b&gt;&lt;i&gt;")]
    [InlineData("{{ capture c }}<b>{{ end }}{{ [c, x] | array.join '<' }}", "&lt;b&gt;&lt;&lt;i&gt;")]
    [InlineData("{{ capture c }}<b>{{ end }}{{ c + x | html.raw }}", "<b><i>")]
    [InlineData("{{ capture c }}<b>{{ end }}{{ d = c; d }}{{ c | string.size }}", "<b>3")]
    [InlineData("{{ func f }}<p>{{ x }}</p>{{ end }}{{ f }}", "<p>&lt;i&gt;</p>")]
    [InlineData("{{ 'a\nb<' | html.newline_to_br }}", "a<br />\nb&lt;")]
    [InlineData("{{ include 'box.html' x }}", "<div>&lt;i&gt;</div>")]
    public void In_html_everything_is_escaped_but_what_is_markup_already(string template, string expected)
    {
        var result = Samples
            .Parsed(template)
            .Render(Samples.Model, OutputKind.Html, CultureInfo.InvariantCulture, Samples.Boxes);

        Assert.Equal(expected, Assert.IsType<RenderResult.Rendered>(result).Text);
    }

    [Theory]
    [InlineData("{{ 'a😀b' | string.slice 0 2 }}", "a\ufffd")]
    [InlineData("{{ 'a😀b' | string.slice 2 }}", "\ufffdb")]
    [InlineData("{{ x = 'a😀b'; x[1] + x[2] }}", "😀")]
    [InlineData("{{ 'a\\0b' }}", "ab")]
    public void What_is_printed_is_whole_unicode_without_nul(string template, string expected)
    {
        var result = Samples.Render(template);

        Assert.Equal(expected, Assert.IsType<RenderResult.Rendered>(result).Text);
    }

    [Fact]
    public void What_a_template_prints_unescaped_is_listed() =>
        Assert.Equal(
            [(1, 8), (2, 9)],
            Samples.Parsed("{{ x | html.raw }}\n{{ r = @html.raw }}").RawFilters.Select(raw => (raw.Line, raw.Column))
        );
}
