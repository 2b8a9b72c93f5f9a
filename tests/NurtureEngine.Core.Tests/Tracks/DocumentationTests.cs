using System.Text.Json;
using NurtureEngine.Core.Tracks.Activities;
using NurtureEngine.Core.Tracks.Definitions;

namespace NurtureEngine.Core.Tests.Tracks;

/// <summary>What can be written in a definition stands in the documentation, and nothing else does.</summary>
public sealed class DocumentationTests
{
    [Fact]
    public void Every_activity_with_its_inputs_and_ports_stands_in_the_table()
    {
        var lines = File.ReadAllLines(Path.Combine(Repository.Root, "docs", "tracks.md"));
        foreach (var type in ActivityTypes.All.Values)
        {
            var line = Array.Find(
                lines,
                line => line.StartsWith('|') && line.Contains($"`{type.TypeName}`", StringComparison.Ordinal)
            );

            Assert.NotNull(line);
            Assert.All(type.Ports, port => Assert.Contains(port, line, StringComparison.Ordinal));
            if (type.TypeName != "Elsa.Fault")
            {
                Assert.All(type.Inputs, input => Assert.Contains($"`{input.Name}`", line, StringComparison.Ordinal));
            }
        }
    }

    [Fact]
    public void The_schema_and_the_table_name_the_settings_that_are_read()
    {
        using var schema = JsonDocument.Parse(
            File.ReadAllText(Path.Combine(Repository.Root, "docs", "track-settings.schema.json"))
        );
        var table = File.ReadAllText(Path.Combine(Repository.Root, "docs", "tracks.md"));

        Assert.Equal(
            SettingsReader.Names.Order(StringComparer.Ordinal),
            schema
                .RootElement.GetProperty("properties")
                .EnumerateObject()
                .Select(p => p.Name)
                .Order(StringComparer.Ordinal)
        );
        Assert.All(SettingsReader.Names, name => Assert.Contains($"| `{name}` |", table, StringComparison.Ordinal));
    }
}
