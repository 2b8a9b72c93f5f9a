namespace NurtureEngine.Core.Reports;

/// <summary>What the console's first page shows.</summary>
public interface IHomeQueries
{
    /// <param name="until">Slots up to here are told, business time.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<HomeView> ReadAsync(DateTimeOffset until, CancellationToken cancellationToken);
}

/// <summary>What waits for people, what goes out, and what holds it up. Counts end at 10,000.</summary>
public sealed record HomeView
{
    /// <summary>Touches that wait for a person's yes.</summary>
    public int AwaitingApproval { get; init; }

    /// <summary>Touches of which nobody knows whether they left.</summary>
    public int Uncertain { get; init; }

    /// <summary>Events that could not be applied.</summary>
    public int DeadLetters { get; init; }

    /// <summary>Enrollments that a fault has stopped.</summary>
    public int Parked { get; init; }

    /// <summary>Touches that a channel has refused for good.</summary>
    public int Rejected { get; init; }

    /// <summary>Calls of other systems that were given up.</summary>
    public int Undelivered { get; init; }

    /// <summary>The channels on which somebody has stopped all sending.</summary>
    public IReadOnlyList<string> Stopped { get; init; } = [];

    /// <summary>What goes out, by slot and channel, the next one first; twelve at most.</summary>
    public IReadOnlyList<HomeSlot> Slots { get; init; } = [];
}

/// <summary>Touches that are due in one minute, business time in UTC, by one channel.</summary>
public sealed record HomeSlot(DateTimeOffset At, string Channel, long Touches);
