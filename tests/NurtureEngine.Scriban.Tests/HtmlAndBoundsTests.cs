using System.Collections.Immutable;
using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace NurtureEngine.Scriban.Tests;

/// <summary>What this language adds to Scriban's: escaping, partials, static lists, bounds.</summary>
public sealed class HtmlAndBoundsTests
{
    private static readonly IModel Model = JsonModel.Parse(
        """{"x": "<i>", "safe": "<b>", "big": 9007199254740993, "none": "", "grid": [[1, 2], [3]], "lead": {"a": 1}}"""
    );

    [Theory]
    [InlineData("{{ x }}", "&lt;i&gt;")]
    [InlineData("{{ x | html.raw }}", "<i>")]
    [InlineData("{{ x | html.escape }}", "&lt;i&gt;")]
    [InlineData("{{ x | string.upcase }}", "&lt;I&gt;")]
    [InlineData("{{ x | html.raw | string.upcase }}", "&lt;I&gt;")]
    [InlineData("{{ capture c }}<p>{{ x }}</p>{{ end }}{{ c }}", "<p>&lt;i&gt;</p>")]
    [InlineData("{{ capture c }}<b>{{ end }}{{ c + x }}|{{ $\"{c}{x}\" }}", "<b>&lt;i&gt;|<b>&lt;i&gt;")]
    [InlineData("{{ capture c }}<b>{{ end }}{{ [c, x] | array.join '<' }}", "<b>&lt;&lt;i&gt;")]
    [InlineData("{{ capture c }}<b>{{ end }}{{ c.size }}{{ c.empty? }}{{ c[0] }}", "3false&lt;")]
    [InlineData("{{ capture c }}{{ end }}{{ c == empty }}", "true")]
    [InlineData("{{ func f }}<p>{{ x }}</p>{{ end }}{{ f }}", "<p>&lt;i&gt;</p>")]
    [InlineData("{{ 'a\nb<' | html.newline_to_br }}", "a<br />\nb&lt;")]
    [InlineData("{{ include 'box.html' x }}", "<div>&lt;i&gt;</div>")]
    public void In_html_everything_is_escaped_but_what_is_markup_already(string template, string expected)
    {
        var result = Parsed(template).Render(Model, OutputKind.Html, CultureInfo.InvariantCulture, Boxes);

        Assert.Equal(expected, Assert.IsType<RenderResult.Rendered>(result).Text);
    }

    [Theory]
    [InlineData("{{ 'a😀b' | string.slice 0 2 }}", "a\ufffd")]
    [InlineData("{{ 'a😀b' | string.slice 2 }}", "\ufffdb")]
    [InlineData("{{ x = 'a😀b'; x[1] + x[2] }}", "😀")]
    [InlineData("{{ 'a\\0b' }}", "ab")]
    public void What_is_printed_is_whole_unicode_without_nul(string template, string expected)
    {
        var result = Parsed(template).Render(Model, OutputKind.Text, CultureInfo.InvariantCulture);

        Assert.Equal(expected, Assert.IsType<RenderResult.Rendered>(result).Text);
    }

    [Theory]
    [InlineData("{{ while true }}{{ end }}", "steps")]
    [InlineData("{{ for x in 1..1000000 }}{{ end }}", "numbers")]
    [InlineData("{{ y = 'aaaa'; for i in 1..29; y = $\"{y}{y}\"; end; y.size }}", "texts of more than")]
    [InlineData(
        "{{ y = 'a' * 100000; s = y; for i in 1..8; s = s + y; end; l = [s]; for i in 1..10; l = l + l; end; l | object.to_json }}",
        "texts of more than"
    )]
    [InlineData("{{ t = (('a'*26)+'x')*1000; t | regex.matches '(?:a|aa)+y|x' | array.size }}", "longer than")]
    [InlineData("{{ y = []; for i in 1..70; y = [y]; end; y | object.to_json }}", "nested too deep")]
    [InlineData("{{ s = 'a' * 90000; b = s + 'x'; for i in 1..9000; r = s > b; end }}", "texts of more than")]
    [InlineData("{{ func f; f; end; f }}", "deep")]
    [InlineData("{{ 'x' * 1000000 }}", "longer")]
    [InlineData("{{ x = 'a' * 90000; while true; y = x | string.sha512; end }}", "texts of more than")]
    [InlineData("{{ a=[1]; b=[1]; for i in 1..60; a=[a,a]; b=[b,b]; end; a==b }}", "steps")]
    [InlineData("{{ 1..49000 | array.uniq }}", "steps")]
    [InlineData("{{ o = {}; o.o = o; o }}", "nested too deep")]
    [InlineData("{{ a = []; a[0] = a; a[1] = a; a }}", "nested too deep")]
    [InlineData("{{ a = []; a[0] = a; b = []; b[0] = b; a == b }}", "nested too deep")]
    [InlineData("{{ o = {}; o.o = o; o | object.to_json }}", "nested too deep")]
    [InlineData("{{ x = 'ab'; while true; x = x + x; end }}", "texts of more than")]
    [InlineData("{{ a = [1]; while true; a = a + a; end }}", "steps")]
    [InlineData("{{ a = []; for i in 1..1000; a[i] = 'y' * 90000; end }}", "texts of more than")]
    [InlineData("{{ 1..9223372036854775807 }}", "numbers")]
    [InlineData("{{ 0..<(-9223372036854775807 - 1) }}", "numbers")]
    [InlineData("{{ -9223372036854775807..9223372036854775807 | array.size }}", "numbers")]
    [InlineData("{{ ('a' * 90000) | string.replace 'a' ('b' * 90000) }}", "longer")]
    [InlineData("{{ ('a' * 90000) | regex.replace 'a' ('b' * 90000) }}", "longer")]
    [InlineData("{{ (1..20000) | array.join ('b' * 90000) }}", "longer")]
    [InlineData("{{ a = []; for i in 1..900; a = []; a[99000] = 1; end }}", "steps")]
    [InlineData(
        "{{ for i in 1..20000 }}012345678901234567890123456789012345678901234567890123456789{{ end }}",
        "longer"
    )]
    [InlineData("{{ ('a' * 30) + '!' | regex.match '^(a+)+$' }}", "searched")]
    [InlineData("{{ while true; y = ('a' * 20) + '!' | regex.match '^(a+)+$'; end }}", "longer than")]
    [InlineData("{{ x = ('\\n' * 90000) ~}}\n                    {{ x }}", "longer")]
    public void A_template_without_end_is_ended(string template, string expected)
    {
        var exceeded = Assert.IsType<RenderResult.Exceeded>(
            Parsed(template).Render(Model, OutputKind.Text, CultureInfo.InvariantCulture)
        );

        Assert.Contains(expected, exceeded.Fault.Message, StringComparison.Ordinal);
    }

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
    [InlineData("{{ [lead] | array.map 'o.n' | array.join ',' }}")]
    [InlineData("{{ lead.none[0] }}")]
    [InlineData("{{ lead.none[1] }}")]
    [InlineData("{{ lead.none | array.first }}")]
    [InlineData("{{ lead.none | array.join ',' }}")]
    [InlineData("{{ for t in lead.none; t; end }}")]
    [InlineData("{{ lead.nothing | array.first }}")]
    [InlineData("Dear {{ lead.blank }},")]
    [InlineData("{{ lead.name[5] }}")]
    [InlineData("{{ $\"x{lead['nope']}y\" }}")]
    public void No_way_round_prints_what_is_missing(string template)
    {
        var lead = JsonModel.Parse(
            """{"lead": {"name": "Ann", "blank": "  ", "tags": ["a"], "none": ["", null], "o": {"n": ""}}}"""
        );

        Assert.IsType<RenderResult.Missing>(
            Parsed(template).Render(lead, OutputKind.Text, CultureInfo.InvariantCulture)
        );
    }

    [Theory]
    [InlineData("{{ s = ''; for i in 1..3; s = s + i; end; s }}", "123")]
    [InlineData(
        "{{ big }} {{ ('{\"n\": 9007199254740993}' | object.from_json).n }}",
        "9007199254740993 9007199254740993"
    )]
    [InlineData("{{ none.empty? }} {{ nothing.empty? }}", "true true")]
    [InlineData("{{ s = '' }}[{{ s }}]", "[]")]
    [InlineData("{{ include 'named' name: lead.b }}", "Dear there")]
    [InlineData("{{ grid[0][1] }} {{ grid }}", "2 [[1, 2], [3]]")]
    [InlineData("{{ func inner; ret x ?? 'none'; end; func outer(q); ret inner; end; outer 5 }}", "<i>")]
    [InlineData("{{ func inner(a); ret z ?? 'none'; end; func outer(z); ret inner 1; end; outer 5 }}", "none")]
    [InlineData("{{ func f; capture y; ret 1; end; ret 2; end; f }}", "1")]
    [InlineData("{{ for i in 1..5; capture y; break; end; i; end }}", "")]
    [InlineData("{{ func f; include 'returns'; end; f }}", "x")]
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
        var result = Parsed(template).Render(Model, OutputKind.Text, CultureInfo.InvariantCulture, Boxes);

        Assert.Equal(expected, Assert.IsType<RenderResult.Rendered>(result).Text);
    }

    [Theory]
    [InlineData("{{ empty.x = 1 }}")]
    [InlineData("{{ with empty; x = 1; end }}")]
    [InlineData("{{ with empty; capture x; 'y'; end; end }}")]
    [InlineData("{{ with empty; import {x: 1}; end; empty.x ?? 'clean' }}")]
    [InlineData("{{ e = empty; e['x'] = 1 }}")]
    public void Nothing_a_rendering_does_is_seen_by_the_next(string template)
    {
        Parsed(template).Render(Model, OutputKind.Text, CultureInfo.InvariantCulture);
        var next = Parsed("{{ empty.x ?? 'clean' }} {{ {} == empty }}")
            .Render(Model, OutputKind.Text, CultureInfo.InvariantCulture);

        Assert.Equal("clean true", Assert.IsType<RenderResult.Rendered>(next).Text);
    }

    [Fact]
    public void A_path_of_any_length_is_read_without_overflow()
    {
        var text =
            "{{ "
            + new string('(', 20)
            + "a"
            + string.Concat(Enumerable.Repeat(string.Concat(Enumerable.Repeat(".b", 999)) + ")", 20))
            + " }}";

        Assert.Single(Parsed(text).Fields);
    }

    [Fact]
    public void What_a_template_prints_unescaped_is_listed() =>
        Assert.Equal(
            [(1, 8), (2, 9)],
            Parsed("{{ x | html.raw }}\n{{ r = @html.raw }}").RawFilters.Select(raw => (raw.Line, raw.Column))
        );

    [Theory]
    [InlineData("{{ 1m == 1e300 }}")]
    [InlineData("{{ object.from_json `\"\\ud800\"` }}")]
    [InlineData("{{ grid[0] = 9 }}")]
    [InlineData("{{ (timespan.from_days 10000000) + (timespan.from_days 10000000) }}")]
    [InlineData("{{ 1 | math.format 'D999999999' }}")]
    [InlineData("{{ x | date.parse }}")]
    [InlineData("{{ lead }}")]
    [InlineData("{{ 'x' + lead }}")]
    [InlineData("{{ [lead] | array.join ',' }}")]
    public void What_the_base_library_refuses_is_a_failure_that_quotes_no_value(string template)
    {
        var failed = Assert.IsType<RenderResult.Failed>(
            Parsed(template).Render(Model, OutputKind.Text, CultureInfo.InvariantCulture)
        );

        Assert.DoesNotContain("<i>", failed.Fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("if true }}{{ ", "end }}{{ ", 1000)]
    [InlineData("func f; ", "end; ", 1000)]
    [InlineData("capture x; ", "end; ", 3000)]
    [InlineData("$\"{", "}\"", 3000)]
    [InlineData("(", ")", 20000)]
    [InlineData("[", "]", 20000)]
    [InlineData("!", "", 20000)]
    [InlineData("true ? 1 : ", "2", 5000)]
    public void Nesting_beyond_reason_is_a_fault_and_not_a_crash(string open, string close, int levels)
    {
        var text =
            "{{ "
            + string.Concat(Enumerable.Repeat(open, levels))
            + " 1 "
            + string.Concat(Enumerable.Repeat(close, levels))
            + " }}";

        Assert.Null(Template.TryParse(text, out var faults));
        Assert.NotEmpty(faults);
    }

    [Fact]
    public void A_failure_in_a_partial_names_the_partial()
    {
        var partials = new Partials(
            ImmutableSortedDictionary<string, Template>.Empty.Add("p", Parsed("\n\n{{ lead.nope }}"))
        );
        var missing = Assert.IsType<RenderResult.Missing>(
            Parsed("{{ include 'p' }}").Render(Model, OutputKind.Text, CultureInfo.InvariantCulture, partials)
        );

        Assert.Contains("in partial 'p', 3:4:", missing.Fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{{ x.y = 1 }}", 1, 4, "can't be set")]
    [InlineData("a\n{{ 1 % 0 }}", 2, 6, "by zero")]
    [InlineData("{{ for y in 5 }}{{ end }}", 1, 13, "goes through")]
    [InlineData("{{ 9223372036854775807 + 1 }}", 1, 24, "too large")]
    [InlineData("{{ a = 1; readonly a; a = 2 }}", 1, 23, "read-only")]
    [InlineData("{{ x 1 }}", 1, 4, "no function")]
    public void A_mistake_is_named_with_its_place(string template, int line, int column, string expected)
    {
        var failed = Assert.IsType<RenderResult.Failed>(
            Parsed(template).Render(Model, OutputKind.Text, CultureInfo.InvariantCulture)
        );

        Assert.Equal((line, column), (failed.Fault.Line, failed.Fault.Column));
        Assert.Contains(expected, failed.Fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_template_tells_what_it_reads_and_not_what_it_makes_itself() =>
        Assert.Equal(
            ["account.name", "lead.name", "lead.tags"],
            Parsed(
                "{{ n = lead.name; n | string.upcase }}{{ for t in lead.tags }}{{ t }}{{ end }}{{ account.name ?? 'x' }}"
            )
                .Fields.Select(field => field.Path)
                .Order(StringComparer.Ordinal)
        );

    [Fact]
    public void Partials_that_are_missing_or_include_themselves_are_faults()
    {
        var partials = new Partials(
            new[] { ("a", "{{ include 'b' }}"), ("b", "{{ include 'a' }}") }.ToImmutableSortedDictionary(
                pair => pair.Item1,
                pair => Parsed(pair.Item2)
            )
        );
        var faults = partials
            .Check(Parsed("{{ include 'a' }}{{ include 'c' }}"))
            .Select(fault => fault.Message)
            .ToList();

        Assert.Equal(2, faults.Count);
        Assert.Contains("a → b → a", faults[0], StringComparison.Ordinal);
        Assert.Contains("'c' is no partial", faults[1], StringComparison.Ordinal);
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

    [Fact]
    public void Threads_that_render_for_different_leads_see_their_own()
    {
        var template = Parsed(
            "{{ o = {}; o.n = n; l = [n]; func f; ret $0; end; capture c; n; end; o.n }}{{ l[0] }}{{ f n }}{{ c }}"
        );
        var wrong = 0;
        Parallel.For(
            0,
            20_000,
            i =>
            {
                var text = template.Render(
                    JsonModel.Parse($$"""{"n": {{i}}}"""),
                    OutputKind.Html,
                    CultureInfo.InvariantCulture
                );
                if (((RenderResult.Rendered)text).Text != string.Concat(Enumerable.Repeat($"{i}", 4)))
                {
                    Interlocked.Increment(ref wrong);
                }
            }
        );

        Assert.Equal(0, wrong);
    }

    [Fact]
    public void One_template_renders_the_same_on_many_threads_at_once()
    {
        var template = Parsed("{{ for i in 1..50; i; end }}{{ func f; ret $0 + 1; end; f 1 }}{{ x }}");
        var texts = new string[200];
        Parallel.For(
            0,
            texts.Length,
            i =>
                texts[i] = (
                    (RenderResult.Rendered)template.Render(Model, OutputKind.Html, CultureInfo.InvariantCulture)
                ).Text
        );

        Assert.Single(texts.Distinct());
    }

    [Fact]
    public void No_mutation_of_a_template_crashes_or_hangs()
    {
        string[] words =
        [
            "{{",
            "}}",
            "{{-",
            "~}}",
            " ",
            "\n",
            ";",
            "if",
            "else",
            "end",
            "for",
            "in",
            "x",
            "1..3",
            "func",
            "f",
            "do",
            "ret",
            "while",
            "false",
            "case",
            "when",
            "capture",
            "with",
            "wrap",
            "import",
            "include",
            "'b'",
            "\"",
            "$",
            "$0",
            "$$",
            "|",
            "string.upcase",
            "array.sort",
            "object.to_json",
            "empty",
            "this",
            "grid",
            "lead",
            "??",
            "?",
            ":",
            "(",
            ")",
            "[",
            "]",
            "{",
            "}",
            "=",
            "+=",
            "+",
            "-",
            "*",
            "/",
            "%",
            "!",
            "@",
            "^",
            ".",
            "..",
            "++",
            "1",
            "2.5",
            "null",
            "true",
            "{%{",
            "}%}",
            "#",
            "##",
            "$\"{",
            "break",
        ];
        var texts = Gen.ListOf(Gen.Elements(words)).Select(list => "{{ " + string.Join(' ', list));

        Prop.ForAll(
                texts.ToArbitrary(),
                text =>
                {
                    var template = Template.TryParse(text, out _);
                    _ = template?.Fields;
                    template?.Render(Model, OutputKind.Html, CultureInfo.InvariantCulture, Boxes);
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(100_000).WithEndSize(60));
    }

    private static Partials Boxes { get; } =
        new(
            ImmutableSortedDictionary<string, Template>
                .Empty.Add("box.html", Parsed("<div>{{ $0 }}</div>"))
                .Add("b", Parsed("b"))
                .Add("named", Parsed("Dear {{ $name ?? 'there' }}"))
                .Add("returns", Parsed("x{{ ret 'leak' }}"))
        );

    private static Template Parsed(string template) =>
        Template.TryParse(template, out var faults) ?? throw new FormatException($"{faults[0]}");
}
