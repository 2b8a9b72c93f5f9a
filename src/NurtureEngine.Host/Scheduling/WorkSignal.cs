namespace NurtureEngine.Host.Scheduling;

/// <summary>Wakes the loops of this host when work was made, so that they need not wait for their next look. A hint only.</summary>
internal sealed class WorkSignal
{
    private TaskCompletionSource _next = Fresh();
    private TaskCompletionSource _nextHere = Fresh();

    /// <summary>Work was made by this host, which the others are told of.</summary>
    public void Raise()
    {
        RaiseFromElsewhere();
        Interlocked.Exchange(ref _nextHere, Fresh()).TrySetResult();
    }

    /// <summary>Another host has made work.</summary>
    public void RaiseFromElsewhere() => Interlocked.Exchange(ref _next, Fresh()).TrySetResult();

    /// <summary>The next time it is raised; take it before looking for work, and nothing slips in between.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    /// <summary>The next time it is raised by this host.</summary>
    public Task NextHere => Volatile.Read(ref _nextHere).Task;

    private static TaskCompletionSource Fresh() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
