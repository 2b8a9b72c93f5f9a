using NurtureEngine.Core.Tracks;

namespace NurtureEngine.Core.Reports;

/// <summary>Tracks as the people who design and watch them see them.</summary>
public interface ITrackBoard
{
    /// <summary>All tracks in their current versions, by name. Figures are a minute old at most.</summary>
    Task<IReadOnlyList<TrackLine>> ListAsync(CancellationToken cancellationToken);

    /// <summary>One track; null where there is none of that id.</summary>
    Task<TrackSheet?> FindAsync(string definitionId, CancellationToken cancellationToken);

    /// <summary>Enrollments in a track, of the leads within a reach, behind a key, the latest first; null begins with the latest.</summary>
    /// <param name="definitionId">The track.</param>
    /// <param name="state">One of <see cref="TrackEnrollment.States" />; null for all that are not over.</param>
    /// <param name="reach">Which leads the caller may see.</param>
    /// <param name="before">The <see cref="TrackEnrollment.Key" /> of the last one of the page before.</param>
    /// <param name="limit">How many.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<IReadOnlyList<TrackEnrollment>> EnrollmentsAsync(
        string definitionId,
        string? state,
        LeadReach reach,
        long? before,
        int limit,
        CancellationToken cancellationToken
    );

    /// <summary>The tracks that a new one can begin as, by name: id, name, kind, and what its author says of it.</summary>
    Task<IReadOnlyList<(string DefinitionId, string Name, string Type, string? Description)>> ShapesAsync(
        CancellationToken cancellationToken
    );

    /// <summary>The ids and names of the tracks that take leads.</summary>
    Task<IReadOnlyList<(string Id, string Name)>> NamesAsync(CancellationToken cancellationToken);
}

/// <summary>A track in a list. Counts end at 10,000.</summary>
public sealed record TrackLine
{
    public string DefinitionId { get; init; } = "";
    public string Name { get; init; } = "";

    /// <summary>The kind of track, such as <c>welcome</c>; empty where this program can't read the track.</summary>
    public string Type { get; init; } = "";
    public int Version { get; init; }
    public DateTimeOffset PublishedAt { get; init; }

    /// <summary><c>active</c>, <c>paused</c>, <c>retracted</c> if it is out of force, or <c>parked</c> where this program can't run it.</summary>
    public string State { get; init; } = "";

    /// <summary>Leads in it now, in whatever version; those that are paused or stopped by a fault included.</summary>
    public int Active { get; init; }

    /// <summary>Touches planned for the next seven days.</summary>
    public int Coming { get; init; }

    /// <summary>Whether there may be more of them: so many are planned that not all were counted.</summary>
    public bool IsComingCut { get; init; }

    /// <summary>Enrollments that are over.</summary>
    public int Ended { get; init; }

    /// <summary>Those of them that are a success.</summary>
    public int Successes { get; init; }

    /// <summary>The person responsible for it; null if none.</summary>
    public string? Owner { get; init; }
}

/// <summary>A track's own page.</summary>
/// <param name="Line">What the list says of it.</param>
/// <param name="Settings">Its settings, as the definition has them.</param>
/// <param name="Stages">The stages of its life cycle, in their order.</param>
/// <param name="Description">What its author says of it; null for nothing.</param>
/// <param name="Ends">The ways out of it.</param>
/// <param name="Contents">What it sends.</param>
/// <param name="Versions">Its versions, the newest first.</param>
public sealed record TrackSheet(
    TrackLine Line,
    TrackChange Settings,
    IReadOnlyList<string> Stages,
    string? Description,
    IReadOnlyList<TrackEnd> Ends,
    IReadOnlyList<TrackContent> Contents,
    IReadOnlyList<TrackVersionLine> Versions
);

/// <summary>A way out of a track.</summary>
/// <param name="Code">The code with which leads leave.</param>
/// <param name="Stage">The stage that ended it; null where none did.</param>
/// <param name="Outcome">What it means for the track.</param>
/// <param name="Count">How many left by it, up to 10,000.</param>
public sealed record TrackEnd(string Code, string? Stage, TrackOutcome Outcome, int Count);

/// <summary>A content that a track sends.</summary>
/// <param name="Key">By what it is known.</param>
/// <param name="Version">The version in force.</param>
/// <param name="Channel">By which channel.</param>
/// <param name="Languages">In which languages it is written.</param>
/// <param name="Subject">What it is about, as its author wrote it.</param>
public sealed record TrackContent(
    string Key,
    int Version,
    string Channel,
    IReadOnlyList<string> Languages,
    string Subject
);

/// <summary>A published version.</summary>
public sealed record TrackVersionLine(int Number, DateTimeOffset PublishedAt, bool IsCurrent, int Active);

/// <summary>A lead in a track. The reason is a code with its argument.</summary>
public sealed record TrackEnrollment(
    long Id,
    long LeadId,
    int Version,
    string State,
    DateTimeOffset EnteredAt,
    DateTimeOffset? EndedAt,
    DateTimeOffset? DueAt,
    string? Code,
    string? Argument
)
{
    /// <summary>All states, in the order of their numbers.</summary>
    public static string[] States { get; } = ["active", "completed", "exited", "parked", "paused"];

    /// <summary>Its place in a list of its state.</summary>
    public long Key => IsOver(State) ? Id : LeadId;

    /// <summary>Whether an enrollment of this state has ended.</summary>
    public static bool IsOver(string? state) => state is "completed" or "exited";
}
