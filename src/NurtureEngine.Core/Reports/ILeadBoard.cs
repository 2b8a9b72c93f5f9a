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
/// <param name="Timeline">What happened, the latest first.</param>
public sealed record LeadSheet(
    long Id,
    string Name,
    IReadOnlyList<(string Field, string Value)> Facts,
    IReadOnlyList<(string LifeCycle, string Stage, DateTimeOffset Since)> Stages,
    IReadOnlyList<LeadEnrollment> Enrollments,
    IReadOnlyList<LeadTouch> Touches,
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

/// <summary>A touch of a lead, with the reason for its state.</summary>
public sealed record LeadTouch(
    string Content,
    string Track,
    string State,
    DateTimeOffset DueAt,
    string? Code,
    string? Argument
);

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
