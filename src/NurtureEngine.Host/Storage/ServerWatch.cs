using System.Diagnostics;

namespace NurtureEngine.Host.Storage;

/// <summary>
/// A small child process that outlives the host and stops the server when nobody uses it any more. It waits on a pipe whose
/// other end dies with the host, then for the attached lock: who gets that alone was the last.
/// </summary>
internal sealed class ServerWatch : IDisposable
{
    // setsid: a Ctrl-C in the host's terminal must not reach it. A host that says goodbye has given its lock back before;
    // for one that died, the time-out covers the moment in which the kernel takes its files apart. While other hosts hold
    // the lock, theirs will stop the server.
    private const string Script = """
        patience=5
        if read -r word && [ "$word" = "goodbye" ]; then patience=0; fi
        exec flock --exclusive --timeout "$patience" "$1" "$2" stop --pgdata "$3" --mode fast --wait --timeout 60 --silent
        """;

    private readonly Process _process;

    private ServerWatch(Process process) => _process = process;

    public bool IsAlive => !_process.HasExited;

    public static ServerWatch Start(DataFolder folder, PostgresBinaries binaries)
    {
        string[] arguments = ["sh", "-c", Script, "nurture-watch", folder.AttachedLock, binaries.PgCtl, folder.Cluster];
        var info = ShellCommand.StartInfo(folder.User, "setsid", arguments);
        info.RedirectStandardOutput = false;
        info.RedirectStandardError = false;
        return new ServerWatch(ShellCommand.Start(info));
    }

    /// <summary>Tells the watch that this host is leaving, and waits for what it does.</summary>
    public async Task LeaveAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _process.StandardInput.WriteLineAsync("goodbye".AsMemory(), cancellationToken);
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // Somebody ended the watch; the next host to start will have one of its own.
        }

        await _process.WaitForExitAsync(cancellationToken);
    }

    public void Dispose() => _process.Dispose();
}
