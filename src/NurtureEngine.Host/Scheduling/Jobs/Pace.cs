namespace NurtureEngine.Host.Scheduling.Jobs;

/// <summary>How long something that is done now and then need not be done again (machine time).</summary>
internal sealed class Pace(TimeSpan pause, TimeProvider machineTime)
{
    private long? _begunAt;

    /// <summary>What is left of the pause; zero where it is over, or was never begun.</summary>
    public TimeSpan Left =>
        _begunAt is { } at && pause - machineTime.GetElapsedTime(at) is { Ticks: > 0 } left ? left : TimeSpan.Zero;

    /// <summary>Begins the pause.</summary>
    public void Begin() => _begunAt = machineTime.GetTimestamp();
}
