using System.Security.Cryptography;
using System.Text;

namespace NurtureEngine.Host.Storage;

/// <summary>The folder in which a private PostgreSQL lives, and the user it belongs to.</summary>
internal sealed record DataFolder(string Root, SystemUser? User)
{
    // A socket's path may have 107 bytes (sun_path); PostgreSQL adds its file's name.
    private const int MaxSocketPath = 107;
    private const string SocketFile = "/.s.PGSQL.5432";
    private const UnixFileMode Readable =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Enterable =
        Readable | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
    private const string SystemFolder = "/var/lib/nurture-engine";

    /// <summary>PostgreSQL's own data.</summary>
    public string Cluster => Path.Combine(Root, "postgres");

    /// <summary>Held shared by every process that uses the server; who gets it alone may stop the server.</summary>
    public string AttachedLock => Path.Combine(Root, "attached.lock");

    /// <summary>Held alone by the process that makes or starts the server.</summary>
    public string StartLock => Path.Combine(Root, "start.lock");

    /// <summary>Where the socket is: in the folder itself, or in a short one where that would be too long.</summary>
    /// <remarks>
    /// The short one is /tmp for everybody, as it is PostgreSQL's own default, and not what TMPDIR says: each host and verb
    /// on the data folder must come to the same answer.
    /// </remarks>
    public string SocketFolder
    {
        get
        {
            var inside = Path.Combine(Root, "run");
            return Encoding.UTF8.GetByteCount(inside + SocketFile) <= MaxSocketPath
                ? inside
                : $"/tmp/nurture-{ShortHash(Root)}";
        }
    }

    /// <summary>
    /// Opens (and makes) the folder at a path. Where the host is root and PostgreSQL's user can't enter it, the data live
    /// under /var/lib/nurture-engine instead; <paramref name="tell"/> is told so.
    /// </summary>
    /// <exception cref="StorageException">The folder can't be made or written.</exception>
    public static async Task<DataFolder> OpenAsync(
        string path,
        Action<string> tell,
        CancellationToken cancellationToken
    )
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new StorageException(
                "The private PostgreSQL runs on Linux only: set ConnectionStrings__Nurture to a PostgreSQL 15 to 18."
            );
        }

        var asked = Path.GetFullPath(path);
        var user = SystemUser.ForPostgres();
        var folder = new DataFolder(asked, user);
        await folder.MakeAsync(cancellationToken);
        if (user is null || await folder.IsReachableAsync(cancellationToken))
        {
            return folder;
        }

        var other = new DataFolder(Path.Combine(SystemFolder, ShortHash(asked)), user);
        tell($"User '{user.Name}', as whom PostgreSQL runs, can't enter {asked}: the data live in {other.Root}.");
        Directory.CreateDirectory(SystemFolder);
        File.SetUnixFileMode(SystemFolder, Enterable);
        await other.MakeAsync(cancellationToken);
        return await other.IsReachableAsync(cancellationToken)
            ? other
            : throw new StorageException(
                $"User '{user.Name}' can't enter {other.Root} either: point Nurture__DataFolder to a folder that it can enter."
            );
    }

    /// <summary>The major version that made the cluster, or null where there is none yet.</summary>
    public int? FindMajor()
    {
        var file = Path.Combine(Cluster, "PG_VERSION");
        if (!File.Exists(file))
        {
            return null;
        }

        var text = File.ReadAllText(file).Trim();
        return int.TryParse(text, out var major)
            ? major
            : throw new StorageException(
                $"{file} holds '{text}', which is no version of PostgreSQL: point Nurture__DataFolder to another folder."
            );
    }

    /// <summary>Makes a folder that only PostgreSQL's user (and root) may enter.</summary>
    public async Task MakePrivateAsync(string path, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await OwnAsync(path, cancellationToken);
    }

    /// <summary>Gives a file or folder, with what is in it, to PostgreSQL's user.</summary>
    public async Task OwnAsync(string path, CancellationToken cancellationToken)
    {
        if (User is null)
        {
            return;
        }

        var (exitCode, output) = await ShellCommand.RunAsync(
            user: null,
            "chown",
            ["-R", $"{User.Id}:{User.GroupId}", "--", path],
            cancellationToken
        );
        if (exitCode != 0)
        {
            throw new StorageException($"{path} can't be given to user '{User.Name}': {output.Trim()}");
        }
    }

    private async Task MakeAsync(CancellationToken cancellationToken)
    {
        try
        {
            Directory.CreateDirectory(Root);
            if (User is not null)
            {
                // Whatever root's umask is, PostgreSQL's user has to get in and read the locks.
                File.SetUnixFileMode(Root, Enterable);
            }

            foreach (var file in new[] { AttachedLock, StartLock }.Where(file => !File.Exists(file)))
            {
                MakeLockFile(file);
            }

            await MakePrivateAsync(Path.Combine(Root, "run"), cancellationToken);
            if (SocketFolder != Path.Combine(Root, "run"))
            {
                await MakePrivateAsync(SocketFolder, cancellationToken);
                await CheckIsOursAsync(SocketFolder, cancellationToken);
            }
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or IOException)
        {
            throw new StorageException(
                $"The data folder {Root} can't be written ({exception.Message.TrimEnd('.')}): free or unlock it, or point Nurture__DataFolder to another.",
                exception
            );
        }
    }

    // Its name can be foretold, and whoever owns it could stand in for the server.
    private async Task CheckIsOursAsync(string path, CancellationToken cancellationToken)
    {
        var (_, found) = await ShellCommand.RunAsync(
            user: null,
            "stat",
            ["--format", "%u %a", "--", path],
            cancellationToken
        );
        var (_, own) = await ShellCommand.RunAsync(User, "id", ["-u"], cancellationToken);
        if (found.Trim() != $"{own.Trim()} 700")
        {
            throw new StorageException(
                $"{path} belongs to somebody else or is open to others: remove it, or point Nurture__DataFolder to a shorter path."
            );
        }
    }

    // Made once and then only locked: opening an existing one would meet the lock that another process holds.
    private static void MakeLockFile(string file)
    {
        try
        {
            using var created = new FileStream(file, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite);
            File.SetUnixFileMode(file, Readable);
        }
        catch (IOException) when (File.Exists(file))
        {
            // Another process has just made it.
        }
    }

    private async Task<bool> IsReachableAsync(CancellationToken cancellationToken) =>
        (await ShellCommand.RunAsync(User, "test", ["-w", Path.Combine(Root, "run")], cancellationToken)).ExitCode == 0;

    private static string ShortHash(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];
}
