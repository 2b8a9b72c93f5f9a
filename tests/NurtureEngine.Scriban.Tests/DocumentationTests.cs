using NurtureEngine.Scriban.Functions;

namespace NurtureEngine.Scriban.Tests;

/// <summary>The table of the language is whole: no function is silent.</summary>
public sealed class DocumentationTests
{
    [Fact]
    public void Every_function_stands_in_the_table_and_every_one_that_does_exists()
    {
        var text = File.ReadAllText(Path.Combine(Root(), "docs", "scriban.md"));

        Assert.DoesNotContain(Builtins.Names, name => !text.Contains($"`{name}", StringComparison.Ordinal));
        Assert.DoesNotContain(RefusedFunctions.Names, name => !text.Contains($"`{name}`", StringComparison.Ordinal));
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "NurtureEngine.sln")))
        {
            folder =
                folder.Parent
                ?? throw new DirectoryNotFoundException("NurtureEngine.sln is in no folder above the tests.");
        }

        return folder.FullName;
    }
}
