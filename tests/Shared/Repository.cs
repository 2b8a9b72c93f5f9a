namespace NurtureEngine.Tests;

/// <summary>The checkout that the tests run in.</summary>
internal static class Repository
{
    /// <summary>The folder that holds the solution.</summary>
    public static string Root { get; } = FindRoot();

    private static string FindRoot()
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
