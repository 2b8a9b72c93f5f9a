namespace NurtureEngine.Core.Tests.Templating;

/// <summary>What was rendered differently by programs before schema version 11 is found in what they stored.</summary>
public sealed class EarlierLanguageTests
{
    [Theory]
    [InlineData("{{ $0 }}", true, "begin at $1")]
    [InlineData("{{ $.size }}", true, "begin at $1")]
    [InlineData("{{ $[1] }}", true, "begin at $1")]
    [InlineData("{{ ret 1 }}", true, "What a partial returns")]
    [InlineData("{{ capture x; ret 1; end }}", false, "'ret' ends its capture")]
    [InlineData("{{ for x in lead.tags }}a{{ else }}b{{ end }}", false, "'else' of a 'for'")]
    [InlineData("{{ if lead.name == empty }}a{{ end }}", false, "never equal to 'empty'")]
    [InlineData("{{ capture c }}<b>{{ end }}{{ c + 'x' }}", false, "of markup is escaped")]
    [InlineData("{{ capture c }}<b>{{ end }}{{ $\"{c}\" }}", false, "of markup is escaped")]
    [InlineData("{{ capture c }}<b>{{ end }}{{ [c] | array.join ',' }}", false, "of markup is escaped")]
    [InlineData("{{ if account.size >= 1000 }}a{{ end }}", false, "is a number now")]
    [InlineData("{{ if (account['size']) > 50 }}a{{ end }}", false, "is a number now")]
    [InlineData("{{ x = account.size; x }}", false, "is a number now")]
    [InlineData("{{ with account; size; end }}", false, "is a number now")]
    [InlineData("{{ (lead.name | html.raw) + 'x' }}", false, "of markup is escaped")]
    [InlineData("{{ if lead.name < 'm' }}a{{ end }}", false, "ordered by their characters")]
    [InlineData("{{ lead.name | string.truncatewords 2 }}", false, "string.truncatewords follows Scriban")]
    [InlineData("{{ date.parse '2026-01-05T10:00:00+08:00' }}", false, "date.parse follows Scriban")]
    [InlineData("{{ lead.evidence.a.at | date.to_string '%U' }}", false, "%U in a date's pattern")]
    public void A_construct_that_differs_is_named(string template, bool isPartial, string expected) =>
        Assert.Contains(
            expected,
            Assert.Single(Samples.Parsed(template).ChangedSince(isPartial)).Message,
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("{{ $0 }}", false)]
    [InlineData("{{ func f; ret $0 + 1; end; f 1 }}", true)]
    [InlineData(
        "{{ capture body }}<p>{{ lead.first_name ?? 'there' }}</p>{{ end }}{{ include 'layout.html' body }}",
        false
    )]
    [InlineData("{{ if account.size }}{{ account.size }}{{ end }}", false)]
    [InlineData("{{ if account.size && lead.score > 3 }}a{{ end }}", false)]
    [InlineData("{{ for x in lead.tags }}{{ x | string.upcase }}{{ end }}", false)]
    public void What_renders_as_before_is_left_alone(string template, bool isPartial) =>
        Assert.Empty(Samples.Parsed(template).ChangedSince(isPartial));
}
