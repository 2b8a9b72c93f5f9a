using System.Text.RegularExpressions;

namespace NurtureEngine.ArchitectureTests;

/// <summary>The rules of the house that a compiler does not know.</summary>
public sealed partial class StyleTests
{
    private const int LongestFile = 400;
    private static readonly string[] BannedFolders = ["Services", "Models", "Interfaces", "Helpers", "Common", "Utils"];

    [Fact]
    public void No_rule_reads_a_clock() =>
        AssertNone(
            // A rendering's time is bounded; the clock decides nothing else there.
            file =>
                file.StartsWith("NurtureEngine.Core/", StringComparison.Ordinal)
                && file != "NurtureEngine.Core/Templating/Rendering/Budget.cs",
            AnyClock()
        );

    [Fact]
    public void The_shell_asks_its_time_providers_and_nothing_else() => AssertNone(_ => true, StaticClock());

    [Fact]
    public void Nothing_is_left_undone_in_code() => AssertNone(_ => true, Undone());

    [Fact]
    public void No_thread_is_blocked_for_a_task() => AssertNone(_ => true, Blocking());

    [Fact]
    public void Sql_stays_in_Postgres() =>
        // The launcher creates the database itself, and the health check asks whether it answers: neither is a statement about data.
        AssertNone(
            file =>
                !file.StartsWith("NurtureEngine.Postgres/", StringComparison.Ordinal)
                && file
                    is not ("NurtureEngine.Host/Storage/NurtureDatabase.cs" or "NurtureEngine.Host/DatabaseHealth.cs"),
            Sql()
        );

    [Fact]
    public void A_namespace_is_its_folder()
    {
        var astray =
            from file in Sources.Files()
            let declared = file
                .Lines.Select(line => Namespace().Match(line))
                .FirstOrDefault(match => match.Success)
                ?.Groups[1]
                .Value
            where declared is not null && declared != NamespaceOf(Path.GetDirectoryName(file.Path)!)
            select $"{file.Path} declares {declared}";

        Assert.Empty(astray);
    }

    // A namespace NurtureEngine.Console would hide System.Console from all others.
    private static string NamespaceOf(string folder) =>
        folder.Replace('/', '.').Replace("NurtureEngine.Console", "NurtureEngine.Pages", StringComparison.Ordinal);

    [Fact]
    public void No_file_is_a_hall() => Assert.DoesNotContain(Sources.Files(), file => file.Lines.Length > LongestFile);

    [Fact]
    public void No_folder_is_named_after_nothing() =>
        Assert.DoesNotContain(
            Sources.Files().Select(file => file.Path),
            path => path.Split('/').Intersect(BannedFolders).Any()
        );

    [Theory]
    [InlineData("var now = DateTime.UtcNow;")]
    [InlineData("var now = DateTimeOffset.Now;")]
    public void The_clock_rule_can_fail(string line) => Assert.Matches(StaticClock(), line);

    [Theory]
    [InlineData("// TODO later")]
    [InlineData("throw new NotImplementedException();")]
    public void The_undone_rule_can_fail(string line) => Assert.Matches(Undone(), line);

    [Theory]
    [InlineData("var x = task.Result;")]
    [InlineData("task.Wait();")]
    [InlineData("Thread.Sleep(1);")]
    public void The_blocking_rule_can_fail(string line) => Assert.Matches(Blocking(), line);

    [Fact]
    public void The_sql_rule_can_fail() => Assert.Matches(Sql(), "\"SELECT 1 FROM lead\"");

    private static void AssertNone(Func<string, bool> concerns, Regex pattern)
    {
        var found =
            from file in Sources.Files()
            where concerns(file.Path)
            from line in file.Lines.Index()
            where pattern.IsMatch(line.Item)
            select $"{file.Path}:{line.Index + 1}: {line.Item.Trim()}";

        Assert.Empty(found);
    }

    [GeneratedRegex(
        @"TimeProvider|DateTime(Offset)?\.(UtcNow|Now|Today)|Stopwatch|Environment\.TickCount|Random\b|Guid\.NewGuid"
    )]
    private static partial Regex AnyClock();

    [GeneratedRegex(@"DateTime(Offset)?\.(UtcNow|Now|Today)\b")]
    private static partial Regex StaticClock();

    [GeneratedRegex(@"\bTODO\b|\bFIXME\b|\bHACK\b|NotImplementedException")]
    private static partial Regex Undone();

    [GeneratedRegex(@"\.Result\b(?!\s*[=(])|\.Wait\(\)|\.GetAwaiter\(\)\.GetResult|Thread\.Sleep|async void")]
    private static partial Regex Blocking();

    [GeneratedRegex(@"\b(SELECT\s.+\sFROM|INSERT INTO|UPDATE\s+\w+\s+SET|DELETE FROM)\b")]
    private static partial Regex Sql();

    [GeneratedRegex(@"^namespace ([\w.]+);")]
    private static partial Regex Namespace();
}
