namespace NurtureEngine.Host.Storage;

/// <summary>
/// Lends PostgreSQL's user a copy of programs that it can't reach, such as those in a checkout that only root may enter.
/// </summary>
internal static class PostgresBinariesCopy
{
    private const string CopiesFolder = "/var/lib/nurture-engine";

    public static async Task<PostgresBinaries> ReachableAsync(
        PostgresBinaries binaries,
        DataFolder folder,
        Action<string> tell,
        CancellationToken cancellationToken
    )
    {
        var isReachable =
            folder.User is null
            || (
                await ShellCommand.RunAsync(
                    folder.User,
                    "test",
                    ["-x", Path.Combine(binaries.Folder, "postgres")],
                    cancellationToken
                )
            ).ExitCode == 0;
        if (isReachable)
        {
            return binaries;
        }

        var copy = Path.Combine(CopiesFolder, $"postgresql-{binaries.Major}");
        if (!File.Exists(Path.Combine(copy, "bin", "postgres")))
        {
            tell($"User '{folder.User!.Name}' can't reach {binaries.Folder}: its programs are copied to {copy}.");
            Directory.CreateDirectory(CopiesFolder);
            var unfinished = $"{copy}.{Environment.ProcessId}";
            await RunAsync("cp", ["-a", "--", Path.GetDirectoryName(binaries.Folder)!, unfinished], cancellationToken);
            await RunAsync("chmod", ["-R", "a+rX", "--", unfinished], cancellationToken);
            // Renamed when whole; where another host was faster, its copy is as good.
            await ShellCommand.RunAsync(
                user: null,
                "mv",
                ["--no-target-directory", "--", unfinished, copy],
                cancellationToken
            );
        }

        return binaries with
        {
            Folder = Path.Combine(copy, "bin"),
        };
    }

    private static async Task RunAsync(string program, string[] arguments, CancellationToken cancellationToken)
    {
        var (exitCode, output) = await ShellCommand.RunAsync(user: null, program, arguments, cancellationToken);
        if (exitCode != 0)
        {
            throw new StorageException($"PostgreSQL's programs can't be copied to {CopiesFolder}: {output.Trim()}");
        }
    }
}
