namespace NurtureEngine.Host.Scheduling;

/// <summary>
/// What many ask for and is read once for all: at most once in a pause, and less often where reading takes long, so that readers never take up
/// more than a tenth of the time. Several may ask at once.
/// </summary>
/// <param name="read">Reads it. It is not cancelled with one of those who ask.</param>
/// <param name="pause">The least time between two readings.</param>
/// <param name="machineTime">Machine time.</param>
internal sealed class SharedReading<T>(Func<CancellationToken, Task<T>> read, TimeSpan pause, TimeProvider machineTime)
    : IDisposable
{
    private const int ShareOfTime = 10;

    private readonly SemaphoreSlim _reading = new(1);
    private (Task<T> Seen, long At, TimeSpan Cost)? _last;

    /// <summary>How long it has not been asked for.</summary>
    public TimeSpan Unasked => machineTime.GetElapsedTime(_askedAt);

    private long _askedAt = machineTime.GetTimestamp();

    /// <summary>What was read last, or is read now.</summary>
    public async Task<T> GetAsync(CancellationToken cancellationToken)
    {
        _askedAt = machineTime.GetTimestamp();
        await _reading.WaitAsync(cancellationToken);
        try
        {
            if (_last is { } last && machineTime.GetElapsedTime(last.At) < Longer(pause, last.Cost * ShareOfTime))
            {
                return await last.Seen;
            }

            var begun = machineTime.GetTimestamp();
            var seen = read(CancellationToken.None);
            try
            {
                return await seen;
            }
            finally
            {
                // A failure is kept too: those who wait would otherwise try again one after the other.
                _last = (seen, machineTime.GetTimestamp(), machineTime.GetElapsedTime(begun));
            }
        }
        finally
        {
            _reading.Release();
        }
    }

    public void Dispose() => _reading.Dispose();

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
