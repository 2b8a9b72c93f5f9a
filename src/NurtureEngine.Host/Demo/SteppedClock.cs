namespace NurtureEngine.Host.Demo;

/// <summary>
/// Business time that stands still and is moved from one moment at which something happens to the next; once released, it goes on from
/// there at its usual pace. It never goes back.
/// </summary>
internal sealed class SteppedClock(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _lock = new();
    private DateTimeOffset _now = start;
    private long? _releasedAt;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
        {
            return _releasedAt is { } since ? _now + System.GetElapsedTime(since) : _now;
        }
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    /// <summary>A timer that is begun while time stands still never fires.</summary>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        lock (_lock)
        {
            return base.CreateTimer(
                callback,
                state,
                _releasedAt is null ? Timeout.InfiniteTimeSpan : dueTime,
                _releasedAt is null ? Timeout.InfiniteTimeSpan : period
            );
        }
    }

    public void StepTo(DateTimeOffset moment)
    {
        lock (_lock)
        {
            _now = moment > _now ? moment : _now;
        }
    }

    public void Release()
    {
        lock (_lock)
        {
            _releasedAt ??= System.GetTimestamp();
        }
    }
}
