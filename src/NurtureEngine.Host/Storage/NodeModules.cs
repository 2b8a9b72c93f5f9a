namespace NurtureEngine.Host.Storage;

/// <summary>Where packages from npm may lie.</summary>
internal static class NodeModules
{
    /// <summary>The folders <c>node_modules</c>, there or not, upwards from the program and from the current folder.</summary>
    public static IEnumerable<string> Folders()
    {
        foreach (var start in new[] { AppContext.BaseDirectory, Environment.CurrentDirectory })
        {
            for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            {
                yield return Path.Combine(folder.FullName, "node_modules");
            }
        }
    }

    /// <summary>The folder of a package; null where it is not installed.</summary>
    public static string? Find(string package) =>
        Folders().Select(modules => Path.Combine(modules, package)).FirstOrDefault(Directory.Exists);
}
