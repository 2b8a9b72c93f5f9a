using System.Collections.Immutable;
using NurtureEngine.Core.Templating;

namespace NurtureEngine.Core.Tests.Templating;

/// <summary>What can be told about a template before it is rendered.</summary>
public sealed class FieldsAndPartialsTests
{
    [Fact]
    public void A_template_tells_what_it_reads_and_not_what_it_makes_itself() =>
        Assert.Equal(
            ["account.name", "lead.name", "lead.tags"],
            Samples
                .Parsed(
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
                pair => Samples.Parsed(pair.Item2)
            )
        );
        var faults = partials
            .Check(Samples.Parsed("{{ include 'a' }}{{ include 'c' }}"))
            .Select(fault => fault.Message)
            .ToList();

        Assert.Equal(2, faults.Count);
        Assert.Contains("a → b → a", faults[0], StringComparison.Ordinal);
        Assert.Contains("'c' is no partial", faults[1], StringComparison.Ordinal);
    }
}
