namespace NurtureEngine.Core.Reports;

/// <summary>The state of the engine, for operators.</summary>
public interface IHealthBoard
{
    Task<HealthSheet> ReadAsync(CancellationToken cancellationToken);
}

/// <summary>How the engine stands.</summary>
/// <param name="Checks">Each check with its state: <c>ok</c>, <c>degraded</c> or <c>down</c>, and what is wrong; null for nothing.</param>
/// <param name="Jobs">Jobs; null in a host without them.</param>
/// <param name="Waiting">What waits, by name, each up to 100,000.</param>
/// <param name="OldestTouch">For how long the oldest due touch has waited, business time.</param>
/// <param name="Schema">The version of the database's schema.</param>
public sealed record HealthSheet(
    IReadOnlyList<(string Name, string State, string? Fault)> Checks,
    JobFigures? Jobs,
    IReadOnlyList<(string Name, long Count)> Waiting,
    TimeSpan OldestTouch,
    int Schema
);

/// <summary>Jobs of all hosts.</summary>
/// <param name="Hosts">The servers that have reported in the last minutes: name, queues, workers and when they last did.</param>
/// <param name="Scheduled">Jobs that wait for their time.</param>
/// <param name="Running">Jobs that run.</param>
/// <param name="Failed">Jobs that failed within seven days.</param>
public sealed record JobFigures(
    IReadOnlyList<(string Name, string Queues, int Workers, DateTimeOffset? SeenAt)> Hosts,
    long Scheduled,
    long Running,
    long Failed
);
