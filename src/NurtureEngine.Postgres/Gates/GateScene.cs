using NurtureEngine.Core.Contents;
using NurtureEngine.Core.Gates;
using NurtureEngine.Core.Leads;

namespace NurtureEngine.Postgres.Gates;

/// <summary>What the gate knows of a group of touches.</summary>
/// <param name="Leads">The locked leads; one that changed its account this moment is left out, and its touch waits for the next turn.</param>
/// <param name="Sharing">By lead: the lead, and all who share an address with them on some channel.</param>
/// <param name="Suppressed">Why leads must not be contacted on the channel; those that may are not in it.</param>
/// <param name="Enrollments">The enrollments that planned the touches.</param>
/// <param name="Drafts">The drafts that a person has seen, by touch.</param>
/// <param name="History">What was sent before.</param>
/// <param name="Had">The contents that leads have had.</param>
/// <param name="Due">How urgent what is about to leave beside them is.</param>
/// <param name="Stopped">The channels on which nothing may leave.</param>
public sealed record GateScene(
    IReadOnlyDictionary<long, (Lead Lead, Account? Account)> Leads,
    ILookup<long, long> Sharing,
    IReadOnlyDictionary<long, string> Suppressed,
    IReadOnlyDictionary<long, PlanningEnrollment> Enrollments,
    IReadOnlyDictionary<Guid, RenderedEmail> Drafts,
    TouchHistory History,
    ContentHistory Had,
    DuePriorities Due,
    IReadOnlySet<string> Stopped
);

/// <summary>The enrollment behind a touch: its track, the version that it runs, and whether it still does.</summary>
public sealed record PlanningEnrollment
{
    public long Id { get; init; }
    public int TrackId { get; init; }
    public int TrackVersion { get; init; }
    public bool IsLive { get; init; }

    /// <summary>Whether it is held, or its track is paused.</summary>
    public bool IsPaused { get; init; }
}
