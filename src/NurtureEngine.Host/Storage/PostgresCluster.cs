using System.Globalization;

namespace NurtureEngine.Host.Storage;

/// <summary>One cluster on disk: makes it, starts it, and sees whether it runs.</summary>
internal sealed class PostgresCluster(DataFolder folder, PostgresBinaries binaries)
{
    // After a kill -9 the old server's children need a moment to notice; until then the memory they share is taken.
    private const int StartAttempts = 20;
    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromMilliseconds(250);

    private string PidFile => Path.Combine(folder.Cluster, "postmaster.pid");

    /// <summary>The server's process, or null where it does not run; a file left by a dead one, or by another process of its number, does not count.</summary>
    public int? FindServer()
    {
        try
        {
            var first = File.ReadLines(PidFile).FirstOrDefault();
            return int.TryParse(first, CultureInfo.InvariantCulture, out var pid) && IsServer(pid) ? pid : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Makes the cluster where there is none. It appears under its name only when it is whole.</summary>
    public async Task MakeAsync(CancellationToken cancellationToken)
    {
        if (File.Exists(Path.Combine(folder.Cluster, "PG_VERSION")))
        {
            return;
        }

        var unfinished = folder.Cluster + ".new";
        if (Directory.Exists(unfinished))
        {
            Directory.Delete(unfinished, recursive: true);
        }

        await folder.MakePrivateAsync(unfinished, cancellationToken);
        string[] arguments =
        [
            "--pgdata",
            unfinished,
            "--username",
            "nurture",
            "--auth",
            "trust",
            "--encoding",
            "UTF8",
            "--locale",
            "C",
            "--no-instructions",
        ];
        var (exitCode, output) = await ShellCommand.RunAsync(
            folder.User,
            binaries.InitDb,
            arguments,
            cancellationToken
        );
        if (exitCode != 0)
        {
            throw Explain("The database can't be made", output);
        }

        await File.AppendAllTextAsync(
            Path.Combine(unfinished, "postgresql.conf"),
            "include 'nurture.conf'\n",
            cancellationToken
        );
        Directory.Move(unfinished, folder.Cluster);
    }

    /// <summary>Starts the server and returns when it takes connections. The caller holds the start lock.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var settings = Path.Combine(folder.Cluster, "nurture.conf");
        var log = Path.Combine(folder.Cluster, "start.log");
        await WriteAsync(settings, Settings(), cancellationToken);
        for (var attempt = 1; ; attempt++)
        {
            RemoveStaleFiles();
            await WriteAsync(log, "", cancellationToken);
            string[] arguments = ["start", "--pgdata", folder.Cluster, "--wait", "--timeout", "120", "--log", log];
            var (exitCode, output) = await ShellCommand.RunAsync(
                folder.User,
                binaries.PgCtl,
                arguments,
                cancellationToken
            );
            if (exitCode == 0)
            {
                return;
            }

            output += await ReadLogsAsync(log, cancellationToken);
            if (attempt == StartAttempts || !output.Contains("still in use", StringComparison.Ordinal))
            {
                throw Explain("The database can't be started", output);
            }

            await Task.Delay(BetweenAttempts, cancellationToken);
        }
    }

    // The command line can be read by everybody, unlike the process's folder, and a dead process that nobody has collected has
    // none. pg_ctl starts "postgres -D folder".
    private bool IsServer(int pid)
    {
        try
        {
            var command = File.ReadAllText($"/proc/{pid}/cmdline").Split('\0');
            var folderAt = Array.IndexOf(command, "-D") + 1;
            return folderAt > 0
                && Path.GetFileName(command[0]) == "postgres"
                && RealPath(command[folderAt]) == RealPath(folder.Cluster);
        }
        catch (IOException)
        {
            // There is no such process, or it ended between opening and reading.
            return false;
        }
    }

    // Two hosts may reach the same folder by different links.
    private static string RealPath(string path)
    {
        var parent = Path.GetDirectoryName(path);
        if (parent is null)
        {
            return path;
        }

        var real = Path.Combine(RealPath(parent), Path.GetFileName(path));
        return Directory.ResolveLinkTarget(real, returnFinalTarget: true)?.FullName is { } target
            ? RealPath(target)
            : real;
    }

    // What a killed server leaves names its process, which may be another one by now, or a dead one nobody has collected.
    private void RemoveStaleFiles()
    {
        if (FindServer() is not null)
        {
            return;
        }

        foreach (
            var file in new[]
            {
                PidFile,
                Path.Combine(folder.SocketFolder, ".s.PGSQL.5432.lock"),
                Path.Combine(folder.SocketFolder, ".s.PGSQL.5432"),
            }
        )
        {
            File.Delete(file);
        }
    }

    private async Task WriteAsync(string file, string text, CancellationToken cancellationToken)
    {
        try
        {
            await File.WriteAllTextAsync(file, text, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Explain("The database can't be started", exception.Message);
        }

        await folder.OwnAsync(file, cancellationToken);
    }

    private async Task<string> ReadLogsAsync(string startLog, CancellationToken cancellationToken)
    {
        var newest =
            Path.Combine(folder.Cluster, "log") is var logs && Directory.Exists(logs)
                ? new DirectoryInfo(logs)
                    .GetFiles()
                    .OrderByDescending(file => file.LastWriteTimeUtc)
                    .FirstOrDefault()
                    ?.FullName
                : null;
        var texts = new List<string>();
        foreach (var file in new[] { startLog, newest }.OfType<string>())
        {
            var text = await File.ReadAllTextAsync(file, cancellationToken);
            texts.Add(text.Length > 4_000 ? text[^4_000..] : text);
        }

        return string.Join('\n', texts);
    }

    private StorageException Explain(string what, string output)
    {
        if (
            output.Contains("No space left on device", StringComparison.Ordinal)
            || output.Contains("No space left", StringComparison.OrdinalIgnoreCase)
        )
        {
            return new StorageException(
                $"{what}: the disk that holds {folder.Root} is full; free some space and start again."
            );
        }

        if (
            output.Contains("Read-only file system", StringComparison.OrdinalIgnoreCase)
            || output.Contains("Permission denied", StringComparison.OrdinalIgnoreCase)
            || output.Contains("denied", StringComparison.Ordinal)
        )
        {
            return new StorageException(
                $"{what}: {folder.Root} can't be written; unlock it, or point Nurture__DataFolder to another folder."
            );
        }

        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var cause =
            lines.LastOrDefault(line =>
                line.Contains("FATAL", StringComparison.Ordinal) || line.Contains("error:", StringComparison.Ordinal)
            ) ?? lines.LastOrDefault();
        return new StorageException(
            $"{what}: {cause ?? "PostgreSQL gave no reason"} (see {Path.Combine(folder.Cluster, "log")})."
        );
    }

    // No TCP port, a private socket, and logs without the values of rows, which may be somebody's address.
    private string Settings() =>
        $"""
            listen_addresses = ''
            port = 5432
            unix_socket_directories = '{folder.SocketFolder.Replace("'", "''", StringComparison.Ordinal)}'
            unix_socket_permissions = 0700
            max_connections = 200
            shared_buffers = 256MB
            max_wal_size = 2GB
            logging_collector = on
            log_directory = 'log'
            log_filename = 'postgresql-%a.log'
            log_truncate_on_rotation = on
            log_rotation_age = 1d
            log_error_verbosity = terse
            timezone = 'UTC'

            """;
}
