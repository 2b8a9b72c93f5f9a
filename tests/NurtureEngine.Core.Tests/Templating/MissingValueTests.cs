using System.Globalization;
using NurtureEngine.Core.Templating;

namespace NurtureEngine.Core.Tests.Templating;

/// <summary>A value that is missing is never printed as nothing.</summary>
public sealed class MissingValueTests
{
    [Theory]
    [InlineData("Dear {{ lead['nope'] }},")]
    [InlineData("{{ string.append with: '!' text: lead.first }}")]
    [InlineData("{{ y = {n: lead.first}; y.n }}")]
    [InlineData("{{ [lead.first] | array.first }}")]
    [InlineData("{{ [lead.first, 'x'] | array.join '-' }}")]
    [InlineData("{{ [lead] | array.map 'first' | array.join ',' }}")]
    [InlineData("{{ lead.tags[7] }}")]
    [InlineData("Dear {{ [lead.first] }}")]
    [InlineData("Dear {{ {a: lead.first} }}")]
    [InlineData("{{ 'Dear ' + [lead.first] }}")]
    [InlineData("{{ [lead.first] | object.to_json }}")]
    [InlineData("{{ [lead] | array.map 'n' | array.join ',' }}")]
    [InlineData("{{ lead.none[0] }}")]
    [InlineData("{{ lead.none[1] }}")]
    [InlineData("{{ lead.none | array.first }}")]
    [InlineData("{{ lead.none | array.join ',' }}")]
    [InlineData("{{ none.empty? }}")]
    [InlineData("Dear {{ @lead.first }}")]
    [InlineData("{{ f = @string.upcase }}Dear {{ lead.first | f }},")]
    [InlineData("{{ func apply; ret $1 $0; end }}Dear {{ apply lead.first @string.upcase }},")]
    [InlineData("{{ func f; ret lead.first; end; f }}")]
    [InlineData("{{ func f; ret lead.first; end; 'Dear ' + f }}")]
    [InlineData("{{ x = lead.first; x }}")]
    [InlineData("{{ lead.first ? lead.first : lead.last }}")]
    [InlineData("{{ (lead.first) }}")]
    [InlineData("{{ lead.name | string.to_int }}")]
    [InlineData("{{ for t in [lead]; t.first; end }}")]
    [InlineData("{{ [lead] | array.map 'first' | array.first }}")]
    [InlineData("{{ lead.nothing | array.first }}")]
    [InlineData("Dear {{ lead.blank }},")]
    [InlineData("{{ $\"x{lead['nope']}y\" }}")]
    public void No_way_round_prints_what_is_missing(string template)
    {
        var lead = JsonModel.Parse(
            """{"lead": {"name": "Ann", "blank": "  ", "tags": ["a"], "none": ["", null], "o": {"n": ""}}}"""
        );

        Assert.IsType<RenderResult.Missing>(
            Samples.Parsed(template).Render(lead, OutputKind.Text, CultureInfo.InvariantCulture)
        );
    }

    [Theory]
    [InlineData("{{ s = ''; for i in 1..3; s = s + i; end; s }}", "123")]
    [InlineData(
        "{{ big }} {{ ('{\"n\": 9007199254740993}' | object.from_json).n }}",
        "9007199254740993 9007199254740993"
    )]
    [InlineData("{{ none ?? 'none' }} {{ nothing == null }}", "none true")]
    [InlineData("{{ 'a' | string.append ((lead.b | string.upcase) ?? 'c') }}", "ac")]
    [InlineData("{{ for t in lead.none; t; end }}.", ".")]
    [InlineData("{{ (x ? x : lead.nope) ?? 'y' }}", "<i>")]
    [InlineData("{{ func greet; 'Dear '; lead.nope; end; greet ?? 'Hello' }}", "Hello")]
    [InlineData("{{ lead.nope | string.empty }} {{ lead.nope | object.size }}", "true 0")]
    [InlineData("{{ if lead.none }}yes{{ else }}no{{ end }}", "no")]
    [InlineData("{{ s = '' }}[{{ s }}]", "[]")]
    [InlineData("{{ include 'named' name: lead.b }}", "Dear there")]
    [InlineData("{{ grid[0][1] }} {{ grid }}", "2 [[1, 2], [3]]")]
    [InlineData("{{ func inner; ret x ?? 'none'; end; func outer(q); ret inner; end; outer 5 }}", "<i>")]
    [InlineData("{{ func inner(a); ret z ?? 'none'; end; func outer(z); ret inner 1; end; outer 5 }}", "none")]
    [InlineData("{{ for i in 1..5; capture y; break; end; i; end }}", "")]
    [InlineData("{{ with lead; for y in [1, 2]; y; end; a; end }}", "121")]
    [InlineData("{{ this.lead.a }}", "1")]
    [InlineData("{{ 'a\r\nb\nc' | html.newline_to_br }}", "a<br />\r\nb<br />\nc")]
    [InlineData("{{ capture c }}{{ end }}[{{ c }}]", "[]")]
    [InlineData("Dear {{ lead.first | object.default default: 'you' }}.", "Dear you.")]
    [InlineData(
        "{{ for i in 9223372036854775806..9223372036854775807; i; ' '; end }}",
        "9223372036854775806 9223372036854775807 "
    )]
    public void What_the_template_makes_itself_may_be_empty(string template, string expected)
    {
        var result = Samples.Render(template);

        Assert.Equal(expected, Assert.IsType<RenderResult.Rendered>(result).Text);
    }
}
