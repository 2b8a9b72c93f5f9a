using System.Reflection;

namespace NurtureEngine.ArchitectureTests;

/// <summary>The product's own code, as assemblies and as text.</summary>
internal static class Sources
{
    public static string Root { get; } = Path.Combine(Repository.Root, "src");

    /// <summary>Every C# file under <c>src</c>, with its path from there.</summary>
    public static IEnumerable<(string Path, string[] Lines)> Files() =>
        Directory
            .EnumerateFiles(Root, "*.cs", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/'))
            .Where(path =>
                !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal)
            )
            .Select(path => (path, File.ReadAllLines(Path.Combine(Root, path))));

    public static Assembly Assembly(string name) => System.Reflection.Assembly.Load(name);
}
