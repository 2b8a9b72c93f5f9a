namespace NurtureEngine.Core.Reports;

/// <summary>One lead, as people see them.</summary>
public interface ILeadBoard
{
    /// <summary>The lead; null where there is none within the reach.</summary>
    Task<LeadSheet?> FindAsync(long id, LeadReach reach, CancellationToken cancellationToken);
}

/// <summary>A lead's page.</summary>
/// <param name="Id">By what the engine knows them.</param>
/// <param name="Name">Their name, or what else names them.</param>
/// <param name="Facts">What is known of them, by field.</param>
/// <param name="Stages">The stage in each life cycle.</param>
/// <param name="Enrollments">The tracks they are or were in, the latest first.</param>
/// <param name="Touches">What is planned, the next first, and what has left, the latest first.</param>
/// <param name="Coming">What the tracks may bring next, which is not planned yet.</param>
/// <param name="Timeline">What happened, the latest first.</param>
public sealed record LeadSheet(
    long Id,
    string Name,
    IReadOnlyList<(string Field, string Value)> Facts,
    IReadOnlyList<(string LifeCycle, string Stage, DateTimeOffset Since)> Stages,
    IReadOnlyList<LeadEnrollment> Enrollments,
    IReadOnlyList<LeadTouch> Touches,
    IReadOnlyList<LeadComing> Coming,
    IReadOnlyList<LeadMoment> Timeline
);

/// <summary>A track that a lead is or was in.</summary>
public sealed record LeadEnrollment(
    string Track,
    int Version,
    string State,
    DateTimeOffset EnteredAt,
    string? Code,
    string? Argument
);

/// <summary>A touch of a lead, with the reason for its state, and why it is there at all; null where its author has not said.</summary>
public sealed record LeadTouch(
    string Content,
    string Track,
    string State,
    DateTimeOffset DueAt,
    string? Code,
    string? Argument,
    LocalisedText? Purpose
);

/// <summary>What a track may bring next: which way the lead will go is decided on the way.</summary>
/// <param name="What">The content, or what a person does.</param>
/// <param name="Track">The track.</param>
/// <param name="NotBefore">When at the earliest; null where the lead may bring it on at any time.</param>
/// <param name="Purpose">Why it is there; null where its author has not said.</param>
public sealed record LeadComing(string What, string Track, DateTimeOffset? NotBefore, LocalisedText? Purpose);

/// <summary>An entry of a timeline.</summary>
/// <param name="At">When it happened.</param>
/// <param name="Kind">What, a stable code such as <c>lead.stage_changed</c>.</param>
/// <param name="Code">Why, as a code; null where none is given.</param>
/// <param name="Argument">The code's argument.</param>
/// <param name="Details">What else is known of it, by name.</param>
public sealed record LeadMoment(
    DateTimeOffset At,
    string Kind,
    string? Code,
    string? Argument,
    IReadOnlyList<(string Name, string Value)> Details
);
