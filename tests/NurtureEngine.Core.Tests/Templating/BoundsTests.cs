using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using NurtureEngine.Core.Templating;

namespace NurtureEngine.Core.Tests.Templating;

/// <summary>Bounds on steps, depth, size and time: no template crashes the engine or holds it up.</summary>
public sealed class BoundsTests
{
    private const string OutOfTime = "The template takes longer";

    [Theory]
    [InlineData("{{ while true }}{{ end }}", "steps")]
    [InlineData("{{ for x in 1..1000000 }}{{ end }}", "100000 numbers")]
    [InlineData("{{ y = 'aaaa'; for i in 1..29; y = $\"{y}{y}\"; end; y.size }}", "longer than 1000000")]
    [InlineData(
        "{{ y = 'a' * 100000; s = y; for i in 1..5; s = s + y; end; l = [s]; for i in 1..10; l = l + l; end; l | object.to_json }}",
        "longer than 1000000"
    )]
    [InlineData("{{ t = (('a'*26)+'x')*1000; t | regex.matches '(?:a|aa)+y|x' | array.size }}", "longer than")]
    [InlineData("{{ y = []; for i in 1..70; y = [y]; end; y | object.to_json }}", "nested too deep")]
    [InlineData("{{ s = 'a' * 90000; for i in 1..9000; r = s + 'b'; end }}", "texts of more than")]
    [InlineData("{{ x = 3; for i in 1..40; x = x * x; end }}", "1024 bits")]
    [InlineData("{{ func f; f; end; f }}", "deep")]
    [InlineData("{{ 'x' * 1000001 }}", "longer")]
    [InlineData("{{ a=[1]; b=[1]; for i in 1..60; a=[a,a]; b=[b,b]; end; a==b }}", "nested too deep")]
    [InlineData("{{ o = {}; o.o = o; o }}", "nested too deep")]
    [InlineData("{{ a = []; a[0] = a; a[1] = a; a }}", "nested too deep")]
    [InlineData("{{ a = []; a[0] = a; b = []; b[0] = b; a == b }}", "nested too deep")]
    [InlineData("{{ o = {}; o.o = o; o | object.to_json }}", "nested too deep")]
    [InlineData("{{ x = 'ab'; while true; x = x + x; end }}", "longer than 1000000")]
    [InlineData("{{ x = 'ab'; for i in 1..40; x += x; end }}", "longer than 1000000")]
    [InlineData("{{ x = 3; for i in 1..40; x *= x; end }}", "1024 bits")]
    [InlineData(
        "{{ capture a; 'a' * 900000; end; for i in 1..20; capture b; a; end; end }}Dear",
        "more than 10000000 characters in all"
    )]
    [InlineData("{{ a = [1]; while true; a = a + a; end }}", "steps")]
    [InlineData("{{ a = []; for i in 1..1000; a[i] = 'y' * 90000; end }}", "texts of more than")]
    [InlineData("{{ 1..9223372036854775807 }}", "numbers")]
    [InlineData("{{ 0..<(-9223372036854775807 - 1) }}", "numbers")]
    [InlineData("{{ -9223372036854775807..9223372036854775807 | array.size }}", "numbers")]
    [InlineData("{{ ('a' * 90000) | string.replace 'a' ('b' * 90000) }}", "text of more than 1000000")]
    [InlineData("{{ ('a' * 90000) | regex.replace 'a' ('b' * 90000) }}", "longer")]
    [InlineData("{{ (1..20000) | array.join ('b' * 90000) }}", "text of more than 1000000")]
    [InlineData("{{ a = []; for i in 1..900; a = []; a[99000] = 1; end }}", "more than 100000 items")]
    [InlineData(
        "{{ for i in 1..20000 }}012345678901234567890123456789012345678901234567890123456789{{ end }}",
        "longer"
    )]
    [InlineData("{{ ('a' * 30) + '!' | regex.match '^(a+)+$' }}", "searches")]
    [InlineData("{{ while true; y = ('a' * 20) + '!' | regex.match '^(a+)+$'; end }}", "longer than")]
    [InlineData("{{ x = ('\\n' * 90000) ~}}\n                    {{ x }}", "longer")]
    public void A_template_without_end_is_ended(string template, string expected)
    {
        // A machine that is busy elsewhere may come to the bound of time first, and then says nothing about this one.
        var message = Enumerable
            .Range(0, 10)
            .Select(_ => MessageOf(template))
            .First(message => expected == "longer than" || !message.StartsWith(OutOfTime, StringComparison.Ordinal));

        Assert.Contains(expected, message, StringComparison.Ordinal);
    }

    private static string MessageOf(string template) =>
        Assert.IsType<RenderResult.Exceeded>(Samples.Render(template)).Fault.Message;

    [Theory]
    [InlineData(150)]
    [InlineData(90_000)]
    public void A_path_beyond_reason_is_a_fault_and_not_a_crash(int parts)
    {
        Assert.Null(Template.TryParse("{{ a" + string.Concat(Enumerable.Repeat(".b", parts)) + " }}", out var faults));
        Assert.NotEmpty(faults);
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
                    template?.Render(Samples.Model, OutputKind.Html, CultureInfo.InvariantCulture, Samples.Boxes);
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(Draws.Of(100_000)).WithEndSize(60));
    }
}
