using NurtureEngine.Core.Reports;

namespace NurtureEngine.Core.Tracks.Acts;

/// <summary>What people do to one enrollment. Each act is in the audit log, with its reason, or does not happen.</summary>
public interface IEnrollmentDesk
{
    /// <summary>The later steps that it can be moved on to, in the order of their names; empty where it can't be moved.</summary>
    Task<IReadOnlyList<(string Step, string Name)>> TargetsAsync(
        EnrollmentRecord enrollment,
        CancellationToken cancellationToken
    );

    /// <summary>Lets a parked enrollment go on, of whichever lead; false if none of that id is parked.</summary>
    Task<bool> RetryAsync(long id, string actor, CancellationToken cancellationToken);

    /// <summary>Does it; what it answers is why it could not be done.</summary>
    Task<ActOutcome> DoAsync(EnrollmentAct act, CancellationToken cancellationToken);
}

/// <summary>What is to be done to an enrollment.</summary>
public sealed record EnrollmentAct
{
    public required long LeadId { get; init; }
    public required long Id { get; init; }
    public required ActKind Kind { get; init; }

    /// <summary>Who does it.</summary>
    public required string Actor { get; init; }

    /// <summary>Why, in their words; empty if they do not say.</summary>
    public string Reason { get; init; } = "";

    /// <summary>The step that it is moved on to; null for other acts.</summary>
    public string? Step { get; init; }
}

/// <summary>What people do to an enrollment.</summary>
public enum ActKind
{
    /// <summary>Nothing happens until it is resumed; what is planned waits.</summary>
    Pause,

    /// <summary>It goes on, and so does what was planned.</summary>
    Resume,

    /// <summary>It goes on from where a fault stopped it.</summary>
    Retry,

    /// <summary>It goes on from a later step at once; what is planned is cancelled.</summary>
    Skip,

    /// <summary>The lead leaves the track; what is planned is cancelled.</summary>
    Exit,
}

/// <summary>What came of an act.</summary>
public enum ActOutcome
{
    Done,

    /// <summary>It is not there, or is over.</summary>
    Gone,

    /// <summary>It stands otherwise by now: not parked, paused already or not by a person, or not where the step can be reached from.</summary>
    Otherwise,
}
