namespace NurtureEngine.Core.People;

/// <summary>Who did what, for good.</summary>
public interface IAuditLog
{
    /// <summary>Adds an entry; its id is given by the log.</summary>
    Task AddAsync(AuditEntry entry, CancellationToken cancellationToken);

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
}
