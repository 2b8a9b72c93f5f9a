using System.Collections.Immutable;
using NurtureEngine.Core.Handoffs;
using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Touches;
using NurtureEngine.Core.Tracks;

namespace NurtureEngine.Core.Intake;

/// <summary>
/// What a step wants changed about its lead. Only facts write leads, so it goes the way of a CRM's word: through the inbox, and
/// the step goes on when it is applied. Its id is that of the step's visit, so that a step that runs again asks once.
/// </summary>
public sealed record LeadChange(EnrollmentId Enrollment, StepId Step, int Visit)
{
    /// <summary>The fields to set; null clears.</summary>
    public ImmutableSortedDictionary<string, string?> Fields { get; init; } =
        ImmutableSortedDictionary.Create<string, string?>(StringComparer.Ordinal);

    /// <summary>The points to add to the lead's score, which never falls below 0.</summary>
    public int ScoreBy { get; init; }

    /// <summary>Why, in the track's words, which name nobody.</summary>
    public string? Reason { get; init; }

    /// <summary>The criterion that is met now; null where none is.</summary>
    public string? Criterion { get; init; }

    /// <summary>By what fact the criterion is met.</summary>
    public string? Fact { get; init; }

    /// <summary>The track that the lead goes on to, by its definition id; null where it goes on to none.</summary>
    public string? MoveTo { get; init; }

    /// <summary>What has become of a hand-off that the step began (<see cref="HandoffOutcome"/>); null where it is about none.</summary>
    public string? Handoff { get; init; }

    /// <summary>The track that hands the lead over, by its definition id; null where none does.</summary>
    public string? From { get; init; }

    /// <summary>Whether a lane may be free, so that what was set aside in it goes on.</summary>
    public bool FreesLane { get; init; }

    /// <summary>Says that an enrollment is over, or (of one that is set aside) that nobody else is in its lane.</summary>
    /// <param name="enrollment">The enrollment.</param>
    /// <param name="visit">Tells it from what was said of the same enrollment before.</param>
    public static LeadChange OfFreedLane(EnrollmentId enrollment, int visit) =>
        new(enrollment, new StepId(""), visit) { FreesLane = true };

    /// <summary>The kind of signal by which the step learns that the change holds.</summary>
    public const string Applied = "engine.applied";

    /// <summary>The event's id in the inbox: that of the step's visit, and of each outcome of a hand-off, and of the end, its own.</summary>
    public string EventId =>
        (FreesLane ? "lane" : Handoff) is { } suffix
            ? $"{TouchId.Of(Enrollment, Step, Visit).Value}:{suffix}"
            : $"{TouchId.Of(Enrollment, Step, Visit).Value}";

    /// <summary>What the change is called on the lead's timeline.</summary>
    public string Type =>
        Handoff is not null ? $"engine.handoff_{Handoff}"
        : FreesLane ? "engine.lane_freed"
        : MoveTo is not null ? "engine.track_changed"
        : Criterion is not null ? "engine.evidence_added"
        : ScoreBy != 0 ? "engine.score_adjusted"
        : "engine.lead_updated";

    /// <summary>The change as an event of its lead.</summary>
    public CrmEvent ToEvent(ExternalKey lead, DateTimeOffset at) =>
        new()
        {
            Type = Type,
            Lead = lead,
            Stamp = new Stamp(null, at),
            Fields = Fields.ToImmutableDictionary(),
            Change = this,
        };
}
