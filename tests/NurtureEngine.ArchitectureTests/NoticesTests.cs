using System.Text.Json;

namespace NurtureEngine.ArchitectureTests;

/// <summary>Whatever ships is named with its licence, in the version that ships, and nothing else is.</summary>
public sealed class NoticesTests
{
    private static readonly string Notices = File.ReadAllText(Path.Combine(Repository.Root, "THIRD-PARTY-NOTICES.md"));

    [Fact]
    public void The_tables_are_those_of_the_lock_files() =>
        Assert.Equal(
            NuGetPackages().Concat(NpmPackages()).Order(StringComparer.Ordinal),
            Rows().Select(row => $"{row[1]} {row[2]}").Order(StringComparer.Ordinal)
        );

    [Fact]
    public void Every_licence_that_is_named_has_its_text() =>
        Assert.All(
            Rows()
                .SelectMany(row => row[3].Split(','))
                .Select(licence => licence.Trim().Split(' ')[0])
                .Where(word => char.IsUpper(word[0])),
            licence => Assert.Contains($"\n## {licence}\n", Notices, StringComparison.Ordinal)
        );

    [Theory]
    [InlineData("THIRD-PARTY-NOTICES.md")]
    [InlineData("licences/")]
    public void The_image_holds_the_notices(string what) =>
        Assert.Contains(what, File.ReadAllText(Path.Combine(Repository.Root, "Dockerfile")), StringComparison.Ordinal);

    // The LGPL asks that whoever has the program can put another version of the library in.
    [Theory]
    [InlineData("PublishSingleFile")]
    [InlineData("PublishTrimmed")]
    [InlineData("PublishAot")]
    public void Libraries_stay_assemblies_of_their_own(string property) =>
        Assert.DoesNotContain(
            Directory
                .EnumerateFiles(Repository.Root, "*.props")
                .Concat(
                    Directory.EnumerateFiles(
                        Path.Combine(Repository.Root, "src"),
                        "*.csproj",
                        SearchOption.AllDirectories
                    )
                )
                .Append(Path.Combine(Repository.Root, "Dockerfile")),
            file => File.ReadAllText(file).Contains(property, StringComparison.Ordinal)
        );

    private static IEnumerable<string[]> Rows() =>
        Notices
            .Split('\n')
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .Where(cells => cells[1] is not ("package" or "---"));

    private static IEnumerable<string> NuGetPackages()
    {
        using var json = Read("src/NurtureEngine.Host/packages.lock.json");
        return
        [
            .. json
                .RootElement.GetProperty("dependencies")
                .EnumerateObject()
                .SelectMany(framework => framework.Value.EnumerateObject())
                .Where(package => package.Value.GetProperty("type").GetString() != "Project")
                .Select(package => $"{package.Name} {package.Value.GetProperty("resolved").GetString()}"),
        ];
    }

    private static IEnumerable<string> NpmPackages()
    {
        using var json = Read("package-lock.json");
        return
        [
            .. json
                .RootElement.GetProperty("packages")
                .EnumerateObject()
                .Where(package => package.Name.Length > 0 && !package.Value.TryGetProperty("dev", out _))
                .Select(package =>
                    $"{package.Name.Split("node_modules/")[^1]} {package.Value.GetProperty("version").GetString()}"
                )
                .Distinct(),
        ];
    }

    private static JsonDocument Read(string file) =>
        JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, file)));
}
