using System.Collections.Immutable;

namespace NurtureEngine.Core.Reports;

/// <summary>
/// Which leads a person may see, and which of their fields: leads that match any of the lists. All queries of leads for people use it, so that a list,
/// a search, an export and a single lead agree.
/// </summary>
public sealed record LeadReach
{
    /// <summary>All leads, and all of each.</summary>
    public static LeadReach All { get; } = new() { IsAll = true };

    /// <summary>No lead.</summary>
    public static LeadReach None { get; } = new();

    /// <summary>Whether all leads are seen.</summary>
    public bool IsAll { get; init; }

    /// <summary>The e-mail addresses, in lower case, of the owners whose leads are seen: one's own, and those of the team.</summary>
    public ImmutableArray<string> Owners { get; init; } = [];

    /// <summary>The countries (ISO 3166-1 alpha-2) whose leads are seen.</summary>
    public ImmutableArray<string> Countries { get; init; } = [];

    /// <summary>The partner whose leads are seen, as the custom field <c>partner</c> names it; null for none.</summary>
    public string? Partner { get; init; }

    /// <summary>The fields of leads and companies that are kept from view: names such as <c>phone</c>, or beginnings of names such as <c>evidence.</c>.</summary>
    public ImmutableArray<string> HiddenFields { get; init; } = [];

    /// <summary>What is kept from view of the entries of a timeline, by the names of their arguments.</summary>
    public ImmutableArray<string> HiddenArguments { get; init; } = [];
}
