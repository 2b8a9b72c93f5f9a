using System.Collections.Immutable;
using NurtureEngine.Core.Diagnostics;
using NurtureEngine.Core.Leads;

namespace NurtureEngine.Core.Rulebooks;

/// <summary>What HubSpot's words mean here: its stages, buying roles and properties.</summary>
public sealed record HubSpotMap
{
    /// <summary>The life cycle that HubSpot's life-cycle stage speaks of; null is the default one.</summary>
    public string? LifeCycle { get; init; }

    /// <summary>Stages by HubSpot's name or number; one that is not among them is passed on as it is, and known or not.</summary>
    public ImmutableSortedDictionary<string, string> Stages { get; init; } =
        Of(
            ("subscriber", "RL"),
            ("lead", "RL"),
            ("marketingqualifiedlead", "MQL"),
            ("salesqualifiedlead", "SQL"),
            ("opportunity", "SQL"),
            ("customer", "Rev"),
            ("evangelist", "Retention")
        );

    /// <summary>Roles by the value of HubSpot's <c>hs_buying_role</c>; of several the first that is known counts.</summary>
    public ImmutableSortedDictionary<string, string> Roles { get; init; } =
        Of(
            ("BLOCKER", "Gatekeeper"),
            ("BUDGET_HOLDER", "Buyer"),
            ("CHAMPION", "Initiator"),
            ("DECISION_MAKER", "DecisionMaker"),
            ("END_USER", "User"),
            ("EXECUTIVE_SPONSOR", "DecisionMaker"),
            ("INFLUENCER", "Influencer"),
            ("LEGAL_AND_COMPLIANCE", "Gatekeeper")
        );

    /// <summary>Fields of leads by HubSpot's property; others are custom fields of the property's name.</summary>
    public ImmutableSortedDictionary<string, string> Properties { get; init; } =
        Of(
            ("email", Fields.Email),
            ("phone", Fields.Phone),
            ("jobtitle", Fields.Title),
            ("country", Fields.Country),
            ("hs_language", Fields.Language),
            ("firstname", Fields.GivenName),
            ("lastname", Fields.FamilyName)
        );

    /// <summary>Fields of companies by HubSpot's property; others are not kept.</summary>
    public ImmutableSortedDictionary<string, string> CompanyProperties { get; init; } =
        Of(
            ("name", Fields.Name),
            ("domain", Fields.Domain),
            ("industry", Fields.Industry),
            ("numberofemployees", Fields.Size),
            ("country", Fields.Country)
        );

    /// <summary>Reads <c>hubspot</c>; what it does not speak of stays as shipped.</summary>
    internal static HubSpotMap Read(JsonShape root)
    {
        var map = new HubSpotMap();
        if (root.Object("hubspot") is not { } shape)
        {
            return map;
        }

        shape.AllowOnly("lifeCycle", "stages", "roles", "properties", "companyProperties");
        return new HubSpotMap
        {
            LifeCycle = shape.Text("lifeCycle"),
            Stages = Changed(map.Stages, shape, "stages"),
            Roles = Changed(map.Roles, shape, "roles"),
            Properties = Changed(map.Properties, shape, "properties"),
            CompanyProperties = Changed(map.CompanyProperties, shape, "companyProperties"),
        };
    }

    private static ImmutableSortedDictionary<string, string> Changed(
        ImmutableSortedDictionary<string, string> shipped,
        JsonShape owner,
        string name
    )
    {
        if (owner.Object(name) is not { } shape)
        {
            return shipped;
        }

        var names = shape.Element.EnumerateObject().Select(member => member.Name).ToList();
        return names.Aggregate(shipped, (map, word) => map.SetItem(word, shape.RequiredText(word)));
    }

    private static ImmutableSortedDictionary<string, string> Of(params (string Theirs, string Ours)[] pairs) =>
        pairs.ToImmutableSortedDictionary(pair => pair.Theirs, pair => pair.Ours, StringComparer.OrdinalIgnoreCase);
}
