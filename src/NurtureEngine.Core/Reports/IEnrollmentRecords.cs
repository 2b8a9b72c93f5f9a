using System.Globalization;
using NurtureEngine.Core.Tracks.Running;

namespace NurtureEngine.Core.Reports;

/// <summary>Enrollments and what happened in them, for people who watch tracks.</summary>
public interface IEnrollmentRecords
{
    /// <summary>Enrollments of the leads within a reach, those of the newest leads first, and how many there are, up to 10,000.</summary>
    Task<(IReadOnlyList<EnrollmentRecord> Rows, int Count)> ListAsync(
        EnrollmentFilter filter,
        LeadReach reach,
        CancellationToken cancellationToken
    );

    /// <summary>One enrollment; null if there is none, or its lead is out of reach.</summary>
    Task<EnrollmentRecord?> FindAsync(long leadId, long id, LeadReach reach, CancellationToken cancellationToken);

    /// <summary>
    /// For each of these enrollments a text that differs whenever it has changed; those that are not there are left out. The caller has found
    /// them within its reach.
    /// </summary>
    Task<IReadOnlyDictionary<(long LeadId, long Id), string>> StampsAsync(
        IReadOnlyCollection<(long LeadId, long Id)> enrollments,
        CancellationToken cancellationToken
    );

    /// <summary>The steps that were entered, in their order, up to 1,000. The caller has found the enrollment within its reach.</summary>
    Task<IReadOnlyList<StepEntry>> EntriesAsync(long leadId, long id, CancellationToken cancellationToken);
}

/// <summary>Which enrollments are wanted; an empty list asks for all.</summary>
public sealed record EnrollmentFilter
{
    public IReadOnlyList<string> Tracks { get; init; } = [];
    public IReadOnlyList<EnrollmentState> States { get; init; } = [];
    public long? LeadId { get; init; }
    public int Skip { get; init; }
    public int Take { get; init; } = 25;
}

/// <summary>An enrollment, as it stands.</summary>
public sealed record EnrollmentRecord
{
    public long LeadId { get; init; }
    public long Id { get; init; }
    public string Track { get; init; } = "";
    public int VersionId { get; init; }
    public int Version { get; init; }
    public EnrollmentState State { get; init; }
    public DateTimeOffset EnteredAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>When something was last done in it, business time in UTC; null in lists, which do not look.</summary>
    public DateTimeOffset? ChangedAt { get; init; }
    public string? Code { get; init; }
    public string? Argument { get; init; }

    /// <summary>What holds it, such as <c>lead</c> or <c>person</c>; empty where nothing does.</summary>
    public IReadOnlyList<string> HeldBy { get; init; } = [];

    /// <summary>How many touches of it are still to leave; 0 in lists, which do not look.</summary>
    public int Coming { get; init; }

    /// <summary>By what pages and the designer know it: its lead's id and its own, such as <c>e3-2</c>.</summary>
    public string Key => KeyOf((LeadId, Id));

    /// <summary>The key of an enrollment.</summary>
    public static string KeyOf((long LeadId, long Id) enrollment) =>
        string.Create(CultureInfo.InvariantCulture, $"e{enrollment.LeadId}-{enrollment.Id}");

    /// <summary>The lead's id and the enrollment's of such a key; null where the text is none.</summary>
    public static (long LeadId, long Id)? ReadKey(string? text) =>
        text is ['e', ..]
        && text[1..].Split('-', 2) is [var lead, var own]
        && long.TryParse(lead, NumberStyles.None, CultureInfo.InvariantCulture, out var leadId)
        && long.TryParse(own, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? (leadId, id)
            : null;

    /// <summary>Where it stands; nowhere where it is over or this program can't read it.</summary>
    public Standing Standing { get; init; } = Standing.Over;
}

/// <summary>That a step was entered, at an instant of business time in UTC.</summary>
public sealed record StepEntry(string Step, DateTimeOffset At);
