using NurtureEngine.Core.Templating.Functions;

namespace NurtureEngine.Core.Tests.Templating;

/// <summary>The table of the language is whole: no function is silent.</summary>
public sealed class DocumentationTests
{
    [Fact]
    public void Every_function_stands_in_the_table_and_every_one_that_does_exists()
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "scriban.md"));

        Assert.DoesNotContain(Library.AllNames, name => !text.Contains($"`{name}", StringComparison.Ordinal));
        Assert.DoesNotContain(Library.RefusedNames, name => !text.Contains($"`{name}`", StringComparison.Ordinal));
    }
}
