using NurtureEngine.Core.Intake;

namespace NurtureEngine.Core.Leads;

/// <summary>A company as its facts stand. The id is null until it is stored.</summary>
public sealed record Account(AccountId? Id, ExternalKey Key, FieldSet Fields)
{
    /// <summary>The account's tier, or null where nobody set one; the rulebook's default then holds.</summary>
    public Tier? Tier => Enum.TryParse<Tier>(Fields[Leads.Fields.Tier], out var tier) ? tier : null;

    /// <summary>The account with what an event says of it.</summary>
    public Account With(CompanyPatch patch, Stamp stamp) => this with { Fields = Fields.With(patch.Fields, stamp) };

    public static Account New(ExternalKey key) => new(null, key, FieldSet.Empty);
}
