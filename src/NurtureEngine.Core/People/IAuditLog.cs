using System.Globalization;
using System.Text.Json;
using NurtureEngine.Core.Reports;

namespace NurtureEngine.Core.People;

/// <summary>Shows who did what. Entries are written by the stores, in the transaction of the act, and never change.</summary>
public interface IAuditLog
{
    /// <summary>Entries before an id, the newest first; null begins with the newest.</summary>
    Task<IReadOnlyList<AuditEntry>> ListAsync(long? before, int limit, CancellationToken cancellationToken);
}

/// <summary>One act.</summary>
public sealed record AuditEntry
{
    /// <summary>Its place in the log; 0 until it is there.</summary>
    public long Id { get; init; }

    /// <summary>When, business time in UTC.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>Who did it, by user name or the name of the API key.</summary>
    public string Actor { get; init; } = "";

    /// <summary>What was done, a stable code.</summary>
    public string Act { get; init; } = "";

    /// <summary>To what, by its id.</summary>
    public string Subject { get; init; } = "";

    /// <summary>What was before, as JSON without secrets; null where there is nothing to tell.</summary>
    public string? Before { get; init; }

    /// <summary>What is since, likewise.</summary>
    public string? After { get; init; }

    /// <summary>The actor of an entry about what was done by the API; it never equals a user name.</summary>
    public static string ActorOfKey(string name) => $"key/{name}";

    /// <summary>The subject of an entry about a person.</summary>
    public static string SubjectOf(long person) => string.Create(CultureInfo.InvariantCulture, $"person/{person}");

    /// <summary>An entry about an enrollment, by its lead's id and its own; <paramref name="after" /> becomes JSON.</summary>
    public static AuditEntry OfEnrollment(
        DateTimeOffset at,
        string actor,
        string act,
        (long LeadId, long Id) enrollment,
        object? after
    ) => Of(at, actor, act, $"enrollment/{EnrollmentRecord.KeyOf(enrollment)}", before: null, after);

    /// <summary>An entry about a person; <paramref name="before" /> and <paramref name="after" /> become JSON.</summary>
    public static AuditEntry OfPerson(
        DateTimeOffset at,
        string actor,
        string act,
        long person,
        object? before = null,
        object? after = null
    ) => Of(at, actor, act, SubjectOf(person), before, after);

    /// <summary>An entry about a track; <paramref name="before" /> and <paramref name="after" /> become JSON.</summary>
    public static AuditEntry OfTrack(
        DateTimeOffset at,
        string actor,
        string act,
        string definitionId,
        object? before = null,
        object? after = null
    ) => Of(at, actor, act, $"track/{definitionId}", before, after);

    private static AuditEntry Of(
        DateTimeOffset at,
        string actor,
        string act,
        string subject,
        object? before,
        object? after
    ) =>
        new()
        {
            At = at,
            Actor = actor,
            Act = act,
            Subject = subject,
            Before = JsonOf(before),
            After = JsonOf(after),
        };

    private static string? JsonOf(object? value) =>
        value is null ? null : JsonSerializer.Serialize(value, JsonSerializerOptions.Web);
}
