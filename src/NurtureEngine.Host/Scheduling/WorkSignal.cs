namespace NurtureEngine.Host.Scheduling;

/// <summary>Wakes the loops of this host when work was made, so that they need not wait for their next look. A hint only.</summary>
internal sealed class WorkSignal
{
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Raise() =>
        Interlocked.Exchange(ref _next, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    /// <summary>The next time it is raised; take it before looking for work, and nothing slips in between.</summary>
    public Task Next => Volatile.Read(ref _next).Task;
}
