using NurtureEngine.Core.Diagnostics;

namespace NurtureEngine.Core.Reports;

/// <summary>Changes tracks for the people who design them.</summary>
public interface ITrackDesk
{
    /// <summary>Publishes a further version with other settings, or brings back the earlier one that had just these.</summary>
    Task<TrackSaved> SaveAsync(
        string definitionId,
        TrackChange change,
        string actor,
        CancellationToken cancellationToken
    );
}

/// <summary>Settings of a track that can be changed by a form; texts as they were typed, empty for none.</summary>
public sealed record TrackChange
{
    /// <summary>The version on which the change rests.</summary>
    public int Version { get; init; }
    public string Priority { get; init; } = "";
    public string Aim { get; init; } = "";
    public string Owner { get; init; } = "";
    public string TimeLimit { get; init; } = "";
    public string ExpectedResult { get; init; } = "";
    public string Goal { get; init; } = "";
    public string ExitWhen { get; init; } = "";
    public bool ExitOnReply { get; init; }

    /// <summary>The stages at which leads leave.</summary>
    public IReadOnlyList<string> ExitStages { get; init; } = [];

    /// <summary>When and how often the track touches a lead; null leaves that as it is.</summary>
    public TrackPolicy? Policy { get; init; }

    /// <summary>By stage or code: <c>success</c>, <c>neutral</c> or <c>failure</c>.</summary>
    public IReadOnlyDictionary<string, string> Outcomes { get; init; } = new Dictionary<string, string>();
}

/// <summary>A track's contact policy, as it was typed; what is empty rules nothing.</summary>
public sealed record TrackPolicy
{
    /// <summary>The times of day at which touches leave, with commas between them, such as <c>09:30, 14:00</c>; empty for any time.</summary>
    public string Times { get; init; } = "";

    /// <summary>The days of the week, <c>Mon</c> to <c>Sun</c>; empty for every day.</summary>
    public IReadOnlyList<string> Days { get; init; } = [];

    /// <summary>How long after its time a slot is open, such as <c>2h</c>.</summary>
    public string Window { get; init; } = "";

    /// <summary>The least time between two touches of a lead, such as <c>20h</c>.</summary>
    public string MinGap { get; init; } = "";

    /// <summary>How often the track touches a lead at most, such as <c>1 within 13d, 4 per month</c>.</summary>
    public string Caps { get; init; } = "";
}

/// <summary>What came of a change.</summary>
/// <param name="IsDone">Whether these settings are stored: in force, or as a draft.</param>
/// <param name="Faults">What is wrong, each with its place; empty where it is done.</param>
/// <param name="IsOvertaken">Whether another version was published in the meantime.</param>
/// <param name="IsDraft">Whether the settings are a draft, since someone else has to publish them.</param>
public sealed record TrackSaved(
    bool IsDone,
    IReadOnlyList<Diagnostic> Faults,
    bool IsOvertaken = false,
    bool IsDraft = false
);
