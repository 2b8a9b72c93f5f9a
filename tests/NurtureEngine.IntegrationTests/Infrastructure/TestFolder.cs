namespace NurtureEngine.IntegrationTests.Infrastructure;

/// <summary>Folders for one test, short enough for a socket, that PostgreSQL's user can enter.</summary>
internal static class TestFolder
{
    private const string Memory = "/dev/shm";
    private const long EnoughMemory = 4L << 30;

    // Hundreds of databases come and go: a disk takes ten times as long to make their files.
    private static readonly string Root =
        Directory.Exists(Memory) && new DriveInfo(Memory).AvailableFreeSpace >= EnoughMemory
            ? Memory
            : Path.GetTempPath();

    public static string New(string name)
    {
        var path = Path.Combine(Root, $"nt-{name}-{Guid.NewGuid().ToString("N")[..8]}");
        Directory.CreateDirectory(path);
        File.SetUnixFileMode(path, (UnixFileMode)0b111_101_101);
        return path;
    }

    public static void Delete(string path)
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
    }

    /// <summary>A track of two e-mails with its contents, which stays as it is when the shipped ones change.</summary>
    public static string Fixtures { get; } = Path.Combine(Repository.Root, "tests", "Fixtures");

    public static void CopyFixture(string name, string to)
    {
        var fixture = Path.Combine(Fixtures, name);
        foreach (var file in Directory.EnumerateFiles(fixture, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(fixture, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
