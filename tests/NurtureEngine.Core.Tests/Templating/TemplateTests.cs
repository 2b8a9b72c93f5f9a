using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using NurtureEngine.Core.Templating;

namespace NurtureEngine.Core.Tests.Templating;

/// <summary>The language as far as it goes: template and text, a line each; add to them.</summary>
public sealed class TemplateTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("{{ lead.name }}", "Ann Lee")]
    [InlineData("a {{ lead.name }} b", "a Ann Lee b")]
    [InlineData("{{ lead.company.name }}", "Acme")]
    [InlineData("{{ lead.title ?? \"friend\" }}", "friend")]
    [InlineData("{{ lead.nothing.at.all ?? 'x' }}", "x")]
    [InlineData("{{ lead.title ?? lead.name }}", "Ann Lee")]
    [InlineData("{{ lead.empty ?? 'was empty' }}", "was empty")]
    [InlineData("{{ lead.name | string.upcase }}", "ANN LEE")]
    [InlineData("{{ lead.name | string.downcase | string.capitalize }}", "Ann lee")]
    [InlineData("{{ lead.name | string.replace 'Lee' \"Li\" }}", "Ann Li")]
    [InlineData("{{ lead.name | string.truncate 5 }}", "An...")]
    [InlineData("{{ lead.name | string.truncate 5 '…' }}", "Ann …")]
    [InlineData("{{ 'x' | string.append 'y' | string.prepend 'w' }}", "wxy")]
    [InlineData("{{ ('  x ' | string.strip) }}", "x")]
    [InlineData("{{ (lead.title ?? 'cto') | string.upcase }}", "CTO")]
    [InlineData("{{ (lead.title | string.append ',') ?? 'friend,' }}", "friend,")]
    [InlineData("{{ lead.seats }}", "25")]
    [InlineData("{{ 1.5 }}", "1.5")]
    [InlineData("{{ true }}", "true")]
    [InlineData("{{ null }}", "")]
    [InlineData("{{ lead.since | date.to_string '%Y-%m-%d %H:%M %B %%' }}", "2026-06-01 12:00 June %")]
    [InlineData("{{ 'it\\'s' }}", "it's")]
    [InlineData("{{ \"}}\" }}", "}}")]
    [InlineData("a\n  {{- lead.name -}}\n b", "aAnn Leeb")]
    [InlineData("a\n  {{~ lead.name ~}}  \n b", "a\nAnn Lee b")]
    [InlineData("{{ }}x", "x")]
    [InlineData("{ not code }", "{ not code }")]
    public void A_template_renders(string template, string expected) =>
        Assert.Equal(expected, Rendered(template, OutputKind.Text));

    [Fact]
    public void Html_escapes_values_and_leaves_the_template_alone() =>
        Assert.Equal("<b>&lt;i&gt; &amp; &quot;</b>", Rendered("<b>{{ lead.markup }}</b>", OutputKind.Html));

    [Fact]
    public void Culture_decides_how_dates_read() =>
        Assert.Equal(
            "六月 2026",
            (
                (RenderResult.Rendered)
                    Parsed("{{ lead.since | date.to_string '%B %Y' }}")
                        .Render(Model, OutputKind.Text, CultureInfo.GetCultureInfo("zh-CN"))
            ).Text
        );

    [Theory]
    [InlineData("Dear {{ lead.title }},", "lead.title")]
    [InlineData("Dear {{ lead.empty }},", "lead.empty")]
    [InlineData("{{ lead.title | string.upcase }}", "lead.title")]
    [InlineData("{{ lead.title ?? lead.nothing }}", "lead.nothing")]
    [InlineData("Dear {{ lead.title | string.append \",\" }}", "lead.title")]
    [InlineData("Dear {{ 'Ms ' | string.append lead.title }},", "lead.title")]
    public void A_value_without_a_default_stops_the_text_and_is_named(string template, string field)
    {
        var missing = Assert.IsType<RenderResult.Missing>(
            Parsed(template).Render(Model, OutputKind.Text, CultureInfo.InvariantCulture)
        );

        Assert.Equal(field, missing.Field);
    }

    [Theory]
    [InlineData("{{ lead.name", 1, 1, "no matching '}}'")]
    [InlineData("x\ny {{ lead. }}", 2, 12, "dot operator")]
    [InlineData("{{ lead.name | }}", 1, 16, "Expecting <expression>")]
    [InlineData("{{ lead.name | string.shout }}", 1, 16, "'string.shout' is no known function")]
    [InlineData(
        "{{ lead.name | string.truncate }}",
        1,
        16,
        "got 1 argument(s), what is piped in included; expected <text> <length> <ellipsis>?"
    )]
    [InlineData("{{ 'open }}", 1, 1, "no matching '}}'")]
    [InlineData("{{ for x in y }}", 1, 4, "'for' has no matching 'end'")]
    [InlineData("a {{ end }}", 1, 8, "without a corresponding beginning")]
    [InlineData("{{ break }}", 1, 4, "stands outside a loop")]
    [InlineData("{{ x = }}", 1, 8, "Expecting <expression>")]
    [InlineData("{{ (lead.name }}", 1, 15, "Expecting a closing `)`")]
    [InlineData("{{ lead.name § }}", 1, 14, "Invalid token found `§`")]
    public void A_fault_is_named_with_line_and_column(string template, int line, int column, string expected)
    {
        Assert.Null(Template.TryParse(template, out var faults));
        Assert.Contains(
            faults,
            fault =>
                fault.Line == line
                && fault.Column == column
                && fault.Message.Contains(expected, StringComparison.Ordinal)
        );
    }

    [Fact]
    public void All_faults_of_a_template_come_back_at_once()
    {
        Template.TryParse("{{ a | }} {{ string.no }} {{ if }} x {{ end }}", out var faults);

        Assert.Equal(3, faults.Length);
    }

    [Fact]
    public void A_text_beyond_the_bound_is_refused()
    {
        Assert.Null(Template.TryParse(new string('x', 200_001), out var faults));
        Assert.Contains("longer than 200000", Assert.Single(faults).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_text_crashes_the_parser_or_the_renderer()
    {
        var pieces = Gen.Elements(
            "{{",
            "}}",
            "lead",
            ".",
            "name",
            "|",
            "??",
            "'",
            "\"",
            "(",
            ")",
            "string.upcase",
            "-",
            "~",
            "\\",
            " ",
            "\n",
            "1",
            ",",
            "{",
            "线",
            "\0"
        );

        Prop.ForAll(
                Gen.ListOf(pieces).Select(list => string.Concat(list)).ToArbitrary(),
                text => _ = Template.TryParse(text, out _)?.Render(Model, OutputKind.Html, CultureInfo.InvariantCulture)
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(Draws.Of(5_000)));
    }

    [Fact]
    public void A_long_chain_of_defaults_costs_no_more_than_its_length()
    {
        var chain = string.Concat(Enumerable.Repeat("lead.title ?? ", 200)) + "'x'";

        Assert.Equal("x", Rendered("{{ " + chain + " }}", OutputKind.Text));
    }

    [Fact]
    public void Nesting_without_end_is_a_fault() =>
        Assert.Null(Template.TryParse("{{" + new string('(', 100_000) + "}}", out _));

    private static string Rendered(string template, OutputKind kind) =>
        Assert.IsType<RenderResult.Rendered>(Parsed(template).Render(Model, kind, CultureInfo.InvariantCulture)).Text;

    private static Template Parsed(string template) =>
        Template.TryParse(template, out var faults) ?? throw new FormatException($"{faults[0]}");

    private static Values Model { get; } =
        new()
        {
            ["lead"] = new Values
            {
                ["name"] = "Ann Lee",
                ["title"] = null,
                ["empty"] = "",
                ["markup"] = "<i> & \"",
                ["seats"] = 25m,
                ["since"] = new DateTimeOffset(2026, 6, 1, 12, 0, 0, TimeSpan.Zero),
                ["company"] = new Values { ["name"] = "Acme" },
            },
        };

    private sealed class Values : Dictionary<string, object?>, IModel
    {
        public bool TryGet(string name, out object? value) => TryGetValue(name, out value);
    }
}
