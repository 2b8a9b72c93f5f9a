using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace NurtureEngine.Host.Storage;

/// <summary>An installed PostgreSQL: the folder of its programs and its major version.</summary>
internal sealed partial record PostgresBinaries(string Folder, int Major)
{
    public const int OldestMajor = 15;
    public const int NewestMajor = 18;

    private static readonly string[] Programs = ["postgres", "initdb", "pg_ctl"];

    public string InitDb => Path.Combine(Folder, "initdb");

    public string PgCtl => Path.Combine(Folder, "pg_ctl");

    /// <summary>
    /// The binaries for a data folder: those of its major version where it has one, else the newest supported of PATH,
    /// /usr/lib/postgresql and the npm package, in that order.
    /// </summary>
    /// <exception cref="StorageException">None fits; the message names where was looked.</exception>
    public static async Task<PostgresBinaries> FindAsync(int? major, CancellationToken cancellationToken)
    {
        foreach (var folder in Candidates().Distinct())
        {
            if (await TryOpenAsync(folder, cancellationToken) is not { } found)
            {
                continue;
            }

            if (major is null ? found.Major is >= OldestMajor and <= NewestMajor : found.Major == major)
            {
                return found;
            }
        }

        throw new StorageException(
            major is null
                ? $"No PostgreSQL {OldestMajor} to {NewestMajor} was found on PATH, in /usr/lib/postgresql or in node_modules: run 'npm ci' beside package.json, install postgresql, or set ConnectionStrings__Nurture."
                : $"The data folder was made by PostgreSQL {major}, which was not found on PATH, in /usr/lib/postgresql or in node_modules: install postgresql-{major}, or point Nurture__DataFolder to another folder."
        );
    }

    /// <summary>The installation in a folder, or null where it lacks a program or does not run here.</summary>
    public static async Task<PostgresBinaries?> TryOpenAsync(string folder, CancellationToken cancellationToken)
    {
        if (!Programs.All(program => File.Exists(Path.Combine(folder, program))))
        {
            return null;
        }

        var (exitCode, output) = await ShellCommand.RunAsync(
            user: null,
            Path.Combine(folder, "postgres"),
            ["--version"],
            cancellationToken
        );
        var version = VersionNumber().Match(output);
        return exitCode == 0 && version.Success
            ? new PostgresBinaries(folder, int.Parse(version.Groups[1].ValueSpan, CultureInfo.InvariantCulture))
            : null;
    }

    private static IEnumerable<string> Candidates()
    {
        foreach (
            var folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(
                ':',
                StringSplitOptions.RemoveEmptyEntries
            )
        )
        {
            var postgres = new FileInfo(Path.Combine(folder, "postgres"));
            if (postgres.Exists)
            {
                yield return Path.GetDirectoryName(
                    postgres.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? postgres.FullName
                )!;
            }
        }

        for (var major = NewestMajor; major >= OldestMajor; major--)
        {
            yield return $"/usr/lib/postgresql/{major}/bin";
        }

        foreach (var folder in NodePackages())
        {
            yield return folder;
        }
    }

    private static IEnumerable<string> NodePackages()
    {
        var architecture = RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "x64";
        foreach (var modules in NodeModules.Folders())
        {
            yield return Path.Combine(modules, "@embedded-postgres", $"linux-{architecture}", "native", "bin");
            yield return Path.Combine(modules, $"embedded-postgres-15-linux-{architecture}", "native", "bin");
        }
    }

    [GeneratedRegex(@"PostgreSQL\) (\d+)")]
    private static partial Regex VersionNumber();
}
