using System.Collections.Immutable;
using System.Globalization;
using NurtureEngine.Core.Leads.Consents;

namespace NurtureEngine.Core.Leads;

/// <summary>A person as the facts about them stand. The id is null until the lead is stored.</summary>
public sealed record Lead
{
    public LeadId? Id { get; init; }

    public required ExternalKey Key { get; init; }

    public FieldSet Fields { get; init; } = FieldSet.Empty;

    /// <summary>One stage per life cycle.</summary>
    public ImmutableSortedDictionary<string, LeadStage> Stages { get; init; } =
        ImmutableSortedDictionary.Create<string, LeadStage>(StringComparer.Ordinal);

    public ImmutableDictionary<(string Channel, string Purpose), Consent> Consents { get; init; } =
        ImmutableDictionary<(string, string), Consent>.Empty;

    /// <summary>When the source deleted the lead; null while it lives. A deleted lead is never touched again.</summary>
    public DateTimeOffset? DeletedAt =>
        Fields[Leads.Fields.Deleted] is null ? null : Fields.Stamps[Leads.Fields.Deleted].At;

    /// <summary>The company, by the key under which its source knows it; null where none was named.</summary>
    public ExternalKey? Account => Fields[Leads.Fields.Company] is { } key ? ExternalKey.Parse(key) : null;

    /// <summary>The points that tracks gave the lead; 0 where none did.</summary>
    public long Score =>
        long.TryParse(Fields[Leads.Fields.Score], CultureInfo.InvariantCulture, out var score) ? score : 0;

    /// <summary>When the lead last did something, or else became known; null until either is.</summary>
    public DateTimeOffset? ActiveAt { get; init; }

    public string? Email => Fields[Leads.Fields.Email];

    /// <summary>The buyer's role: as somebody has told it, else as the title speaks of it.</summary>
    public string? Role => Fields[Leads.Fields.Role] ?? Fields[Leads.Fields.RoleByTitle];

    /// <summary>Whether another state of the lead says the same, whoever said it when.</summary>
    public bool IsAs(Lead other) =>
        Fields.Values.SequenceEqual(other.Fields.Values)
        && Stages
            .Select(stage => (stage.Key, stage.Value.Stage))
            .SequenceEqual(other.Stages.Select(stage => (stage.Key, stage.Value.Stage)))
        && Consents.Count == other.Consents.Count
        && Consents.All(consent =>
            other.Consents.TryGetValue(consent.Key, out var known) && known.Granted == consent.Value.Granted
        );

    public string? Language => Fields[Leads.Fields.Language];
}
