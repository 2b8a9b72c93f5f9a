using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace NurtureEngine.Scriban.Tests;

/// <summary>The law of the parser: what it makes of a template can be written out, and read again as the same.</summary>
public sealed class PrintingTests
{
    private static readonly IModel Model = JsonModel.Parse(
        """{"name": "Ann", "n": 3, "list": [1, 2], "lead": {"a": 1}, "nil": null}"""
    );

    [Theory]
    [MemberData(nameof(LanguageTests.Cases), MemberType = typeof(LanguageTests))]
    public void Every_case_is_printed_and_parsed_to_the_same(string template, string expected)
    {
        Assert.NotNull(expected);
        Holds(template);
    }

    [Fact]
    public void Every_well_formed_template_is_printed_and_parsed_to_the_same() =>
        Prop.ForAll(Templates.ToArbitrary(), Holds)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(20_000).WithEndSize(40));

    private static void Holds(string template)
    {
        var first = Parsed(template);
        var printed = Printer.Print(first.Statements);
        var second = Parsed(printed);

        Assert.Equal(printed, Printer.Print(second.Statements));
        Assert.Equal(Outcome(first), Outcome(second));
    }

    private static Template Parsed(string template) =>
        Template.TryParse(template, out var faults) ?? throw new FormatException($"{faults[0]} in {template}");

    private static string Outcome(Template template) =>
        template.Render(Model, OutputKind.Text, CultureInfo.InvariantCulture) switch
        {
            RenderResult.Rendered rendered => rendered.Text,
            RenderResult.Missing missing => "missing " + missing.Field,
            var other => other.GetType().Name,
        };

    private static Gen<string> Templates => Gen.Sized(size => Body(size / 4, isInLoop: false));

    private static Gen<string> Body(int depth, bool isInLoop) =>
        Gen.ListOf(Gen.OneOf(Text, Statement(depth, isInLoop).Select(code => "{{ " + code + " }}")), 3)
            .Select(parts => string.Concat(parts));

    private static Gen<string> Text => Gen.Elements("a", " b ", "\n", "\n  .", "{ ", "} }", "x\n\n", "{%{ {{ }%}");

    private static Gen<string> Statement(int depth, bool isInLoop)
    {
        var simple = new List<Gen<string>>
        {
            Expression(depth),
            Expression(depth).Select(value => $"v = {value}"),
            Expression(depth).Select(value => $"w = {value}; w"),
            Gen.Elements(
                "x = 1; x += 2; x",
                "q = {a: 1}; q.a = 2; q",
                "$l = 1; $l",
                "f(x) = x * 2; f 3",
                "ret 1",
                "1; 'b\\n'; 2"
            ),
        };
        if (isInLoop)
        {
            simple.Add(Gen.Elements("break", "continue", "for.index"));
        }

        if (depth <= 0)
        {
            return Gen.OneOf(simple.ToArray());
        }

        simple.Add(Block(depth, isInLoop, "if {0} }}", "{{{{ end", "{{{{ else }}", "{{{{ else if {0} }}"));
        simple.Add(Block(depth, isInLoop: true, "for i in {0} limit: 3 }}", "{{{{ end", "{{{{ else }}"));
        simple.Add(Block(depth, isInLoop, "capture c }}", "{{{{ end; c"));
        simple.Add(Block(depth, isInLoop, "case {0} }}{{{{ when 1, 'a' }}", "{{{{ end", "{{{{ else }}"));
        simple.Add(Block(depth, isInLoop: false, "func g(a, b = 2) }}", "{{{{ end; g 1"));
        simple.Add(Block(depth, isInLoop: false, "h = do }}", "{{{{ end; h 1 2"));
        return Gen.OneOf(simple.ToArray());
    }

    private static Gen<string> Block(int depth, bool isInLoop, string head, string end, params string[] middles) =>
        from value in Expression(depth - 1)
        from body in Body(depth - 2, isInLoop)
        from middle in middles.Length == 0 ? Gen.Constant("") : Gen.Elements(["", .. middles])
        from other in middle.Length == 0 ? Gen.Constant("") : Body(depth - 2, isInLoop: false)
        select Filled(head, value) + body + Filled(middle, value) + other + Filled(end, value);

    private static string Filled(string text, string value) =>
        text.Replace("{{{{", "{{", StringComparison.Ordinal).Replace("{0}", value, StringComparison.Ordinal);

    private static Gen<string> Expression(int depth)
    {
        var leaf = Gen.Elements(
            "1",
            "2.5",
            "1.5m",
            "0xff",
            "'a'",
            "\"b\\n\"",
            "`c``d`",
            "true",
            "null",
            "empty",
            "name",
            "n",
            "nil",
            "list",
            "lead.a",
            "lead?.a",
            "lead['a']",
            "list[0]",
            "list.size",
            "unknown",
            "unknown.x",
            "string.size name",
            "$\"{n}-\\{{name}\"",
            "[]",
            "{}"
        );
        if (depth <= 0)
        {
            return leaf;
        }

        var inner = Expression(depth - 2);
        return Gen.OneOf(
            leaf,
            from left in inner
            from symbol in Gen.Elements("+", "-", "*", "==", "!=", "<", "&&", "||", "??", "?!")
            from right in inner
            select $"({left}) {symbol} ({right})",
            from left in inner
            from right in inner
            select $"{left} ?? {right}",
            inner.Select(value => $"!({value})"),
            inner.Select(value => $"-({value})"),
            from condition in inner
            from left in inner
            from right in inner
            select $"(({condition}) ? ({left}) : ({right}))",
            from value in inner
            from function in Gen.Elements(
                "string.upcase",
                "string.append 'z'",
                "array.size",
                "object.typeof",
                "object.default 'd'",
                "string.replace match: 'a' replace: 'b'"
            )
            select $"(({value}) | {function})",
            Gen.ListOf(inner, 2).Select(items => $"[{string.Join(", ", items)}]"),
            inner.Select(value => $"{{k: ({value}), \"l m\": 1}}"),
            Gen.Constant("(1..3 | array.each @(do; ret $0 * 2; end))"),
            Gen.Constant("(array.filter [1, 2] do; ret $0 > 1; end)")
        );
    }
}
