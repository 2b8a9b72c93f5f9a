namespace NurtureEngine.Host.Storage;

/// <summary>
/// A lock on a file (flock), shared or alone. The kernel gives it back when the process dies, however it dies.
/// </summary>
internal sealed class FileLock : IDisposable
{
    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromMilliseconds(50);
    private readonly FileStream _stream;

    private FileLock(FileStream stream) => _stream = stream;

    /// <summary>Waits for the lock. .NET takes a shared flock for a reader who shares reading, and one alone for who shares nothing.</summary>
    /// <exception cref="StorageException">Another process held it longer than <paramref name="patience"/>.</exception>
    public static async Task<FileLock> TakeAsync(
        string path,
        bool shared,
        TimeSpan patience,
        CancellationToken cancellationToken
    )
    {
        for (var waited = TimeSpan.Zero; ; waited += BetweenAttempts)
        {
            try
            {
                return new FileLock(
                    shared
                        ? new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read)
                        : new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None)
                );
            }
            catch (IOException exception)
                when (waited < patience && exception is not FileNotFoundException and not DirectoryNotFoundException)
            {
                await Task.Delay(BetweenAttempts, cancellationToken);
            }
            catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
            {
                throw new StorageException(
                    $"{path} is gone: the data folder was removed under a running host.",
                    exception
                );
            }
            catch (IOException exception)
            {
                throw new StorageException(
                    $"{path} has been held by another process for {patience.TotalSeconds:0} s: wait until it has started or stopped, or end it.",
                    exception
                );
            }
        }
    }

    public void Dispose() => _stream.Dispose();
}
