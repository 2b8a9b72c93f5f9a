namespace NurtureEngine.Postgres.People;

/// <summary>A person with their roles, for a list.</summary>
public sealed record PersonRow
{
    public long Id { get; init; }
    public string UserName { get; init; } = "";
    public bool MustChange { get; init; }
    public DateTimeOffset? LockedUntil { get; init; }
    public string[] Roles { get; init; } = [];
    public string? Email { get; init; }
    public string? Reach { get; init; }
    public string? Team { get; init; }
    public string[] Countries { get; init; } = [];
    public string? Partner { get; init; }
}

/// <summary>What decides which leads a person may see.</summary>
public sealed record PersonSight
{
    /// <summary>In lower case; null where it is not known.</summary>
    public string? Email { get; init; }

    /// <summary><c>own</c>, <c>team</c>, <c>territory</c>, <c>partner</c> or <c>all</c>; null goes by the roles.</summary>
    public string? Reach { get; init; }
    public string[] Countries { get; init; } = [];
    public string? Partner { get; init; }
    public string[] Roles { get; init; } = [];

    /// <summary>The addresses of everybody in the team, in lower case.</summary>
    public string[] TeamEmails { get; init; } = [];
}

/// <summary>How a person is reached, reads, and what they see of leads; null is unknown, or usual.</summary>
public sealed record PersonDetails
{
    public string? Email { get; init; }
    public string? TimeZone { get; init; }
    public string? Reach { get; init; }
    public string? Team { get; init; }
    public string[] Countries { get; init; } = [];
    public string? Partner { get; init; }
}
