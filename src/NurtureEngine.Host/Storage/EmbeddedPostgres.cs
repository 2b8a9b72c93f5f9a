using Npgsql;

namespace NurtureEngine.Host.Storage;

/// <summary>
/// A private PostgreSQL under a data folder. The first process starts it, others attach, the last stops it; it ends with the
/// host however the host dies, and is started again where it died itself.
/// </summary>
internal sealed class EmbeddedPostgres : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(100);

    private readonly DataFolder _folder;
    private readonly PostgresBinaries _binaries;
    private readonly PostgresCluster _cluster;
    private readonly FileLock _attached;
    private ServerWatch _watch;

    private EmbeddedPostgres(DataFolder folder, PostgresBinaries binaries, PostgresCluster cluster, FileLock attached)
    {
        (_folder, _binaries, _cluster, _attached) = (folder, binaries, cluster, attached);
        _watch = ServerWatch.Start(folder, binaries);
    }

    /// <summary>The server's process number, or null while it is down.</summary>
    public int? ProcessId => _cluster.FindServer();

    public int Major => _binaries.Major;

    /// <summary>Where its data are, which is not where they were asked for if PostgreSQL's user can't go there.</summary>
    public string Folder => _folder.Root;

    /// <summary>How to reach a database of the server: through its socket, without a password, which its folder guards.</summary>
    public string ConnectionStringFor(string database) =>
        new NpgsqlConnectionStringBuilder
        {
            Host = _folder.SocketFolder,
            Username = "nurture",
            Database = database,
            MaxPoolSize = 60,
        }.ConnectionString;

    /// <summary>Starts the server of a data folder, or attaches to it where it runs. Null binaries are looked for.</summary>
    /// <exception cref="StorageException">It can't be had; the message says what to do.</exception>
    public static async Task<EmbeddedPostgres> StartAsync(
        string dataFolder,
        PostgresBinaries? binaries,
        Action<string> tell,
        CancellationToken cancellationToken
    )
    {
        var folder = await DataFolder.OpenAsync(dataFolder, tell, cancellationToken);
        var chosen = binaries ?? await PostgresBinaries.FindAsync(folder.FindMajor(), cancellationToken);
        chosen = await PostgresBinariesCopy.ReachableAsync(chosen, folder, tell, cancellationToken);
        var attached = await FileLock.TakeAsync(folder.AttachedLock, shared: true, Patience, cancellationToken);
        EmbeddedPostgres? server = null;
        try
        {
            server = new EmbeddedPostgres(folder, chosen, new PostgresCluster(folder, chosen), attached);
            await server.EnsureRunningAsync(cancellationToken);
            return server;
        }
        catch
        {
            if (server is null)
            {
                attached.Dispose();
            }
            else
            {
                await server.DisposeAsync();
            }

            throw;
        }
    }

    /// <summary>
    /// Starts the server where it does not run, for instance after somebody killed it, and returns when it takes connections;
    /// true where it was started here. One process at a time starts it.
    /// </summary>
    public async Task<bool> EnsureRunningAsync(CancellationToken cancellationToken)
    {
        if (!_watch.IsAlive)
        {
            _watch.Dispose();
            _watch = ServerWatch.Start(_folder, _binaries);
        }

        var isStarted = false;
        for (var waited = TimeSpan.Zero; ; waited += BetweenLooks)
        {
            switch (await LookAsync(cancellationToken))
            {
                case ServerLook.Ready:
                    return isStarted;
                case ServerLook.Absent:
                    isStarted |= await StartWhereAbsentAsync(cancellationToken);
                    break;
            }

            if (waited >= Patience)
            {
                throw new StorageException(
                    $"The database in {_folder.Root} runs but takes no connections: see the log in {_folder.Cluster}/log."
                );
            }

            await Task.Delay(BetweenLooks, cancellationToken);
        }
    }

    /// <summary>Detaches; where this was the last process, the server has stopped when it returns.</summary>
    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        _attached.Dispose();
        using (_watch)
        {
            // Nobody may leave earlier: a server left behind would be nobody's.
            await _watch.LeaveAsync(CancellationToken.None);
        }
    }

    // Looked at again under the lock: another host may have started it meanwhile. A server whose process can't be seen, such
    // as in another container, is told by its socket alone.
    private async Task<bool> StartWhereAbsentAsync(CancellationToken cancellationToken)
    {
        using var starting = await FileLock.TakeAsync(_folder.StartLock, shared: false, Patience, cancellationToken);
        if (await LookAsync(cancellationToken) != ServerLook.Absent || _cluster.FindServer() is not null)
        {
            return false;
        }

        await _cluster.MakeAsync(cancellationToken);
        await _cluster.StartAsync(cancellationToken);
        return true;
    }

    private Task<ServerLook> LookAsync(CancellationToken cancellationToken) =>
        ServerSocket.LookAsync(_folder.SocketFolder, ConnectionStringFor("postgres"), cancellationToken);
}
