namespace NurtureEngine.Core.Tracks.Flows;

/// <summary>When a step with several arrivals is entered.</summary>
public enum JoinMode
{
    /// <summary>When every branch has arrived or turned out to be dead, and at least one has arrived: Elsa's default.</summary>
    WaitAllActive,

    /// <summary>When every branch has arrived; where one turned out to be dead, the step is dead too.</summary>
    WaitAll,

    /// <summary>At the first arrival; what still runs in the other branches is cancelled.</summary>
    WaitAny,
}
