using System.Collections.Immutable;
using System.Text.Json;
using NurtureEngine.Core.Leads;

namespace NurtureEngine.IntegrationTests.Shipped;

/// <summary>Leads of whom everything is known, and leads of whom hardly anything is.</summary>
internal static class SampleAudience
{
    private static readonly DateTimeOffset At = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>What each content may count on: the tracks see to it, by their audience and trigger.</summary>
    public static Lead Of(string? role, string language, bool isRich)
    {
        var fields = new Dictionary<string, string?>
        {
            [Fields.Email] = "lead@example.com",
            [Fields.Language] = language,
            [Fields.Role] = role,
            ["custom.competitor"] = JsonSerializer.Serialize("Quantelo"),
            ["custom.renewal_date"] = JsonSerializer.Serialize("2026-06-01"),
        };
        if (isRich)
        {
            fields[Fields.Name] = language == "en" ? "Ann Lee" : "李伟";
            fields[Fields.Title] = language == "en" ? "Head of Product" : "产品总监";
            fields["owner.name"] = language == "en" ? "Sam Reed" : "王芳";
            fields["acquisition.source"] = "outbound";
            fields["acquisition.campaign"] = language == "en" ? "SaaS Days" : "软件大会";
            fields[$"{Fields.CardPrefix}industry"] = new Sourced("logistics", "web", At).ToField();
            fields[$"{Fields.CardPrefix}company"] = new Sourced("opened a second site", "web", At).ToField();
            fields[$"{Fields.CardPrefix}person"] = new Sourced("spoke about renewals", "web", At).ToField();
            fields[Fields.Score] = "60";
        }

        var stamp = new Stamp(null, At);
        return new Lead
        {
            Key = new ExternalKey("crm", "1"),
            Fields = FieldSet.Empty.With(fields.Where(field => field.Value is not null), stamp),
            Stages = ImmutableSortedDictionary<string, LeadStage>.Empty.Add(
                "customer",
                new LeadStage("customer", "MQL", At, stamp)
            ),
        };
    }

    public static Account Account(Tier tier, bool isRich)
    {
        var account = Core.Leads.Account.New(new ExternalKey("crm", "a"));
        var fields = new Dictionary<string, string?> { [Fields.Tier] = $"{tier}" };
        if (isRich)
        {
            fields[Fields.Name] = "Acme & Söhne GmbH <x>";
            fields[Fields.Industry] = "Logistics";
            fields[Fields.Size] = "1200";
        }

        return account with
        {
            Fields = account.Fields.With(fields, new Stamp(null, At)),
        };
    }
}
