using System.Collections.Immutable;
using System.Text.Json;
using NurtureEngine.Core.Diagnostics;
using NurtureEngine.Core.Intake.Imports;
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

    /// <summary>The first of several roles that is known, by HubSpot's value (<c>DECISION_MAKER</c>) or its label (<c>Decision maker</c>); null where none is.</summary>
    /// <param name="values">Values or labels with <c>;</c> between them; null is none.</param>
    public string? RoleOf(string? values) =>
        values
            ?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(value => Roles.GetValueOrDefault(value) ?? Roles.GetValueOrDefault(value.Replace(' ', '_')))
            .FirstOrDefault(role => role is not null);

    private static readonly string[] LeadFields = [.. ImportColumns.OfLead.Values.Order(StringComparer.Ordinal)];
    private static readonly string[] CompanyFields = [.. ImportColumns.OfCompany.Values.Order(StringComparer.Ordinal)];

    /// <summary>Reads <c>hubspot</c>; what is absent stays as shipped.</summary>
    /// <param name="root">The rulebook.</param>
    /// <param name="lifeCycles">The life cycles by which mappings are checked; null checks none.</param>
    internal static HubSpotMap Read(JsonShape root, ImmutableArray<LifeCycle>? lifeCycles)
    {
        var map = new HubSpotMap();
        if (root.Object("hubspot") is not { } shape)
        {
            return map;
        }

        shape.AllowOnly("lifeCycle", "stages", "roles", "properties", "companyProperties");
        var named = shape.Text("lifeCycle");
        if (lifeCycles is { } known)
        {
            CheckTargets(shape, named, known);
        }

        return new HubSpotMap
        {
            LifeCycle = named,
            Stages = Changed(map.Stages, shape, "stages"),
            Roles = Changed(map.Roles, shape, "roles"),
            Properties = Changed(map.Properties, shape, "properties"),
            CompanyProperties = Changed(map.CompanyProperties, shape, "companyProperties"),
        };
    }

    // What is mapped to must be known to the engine or to the rulebook.
    private static void CheckTargets(JsonShape shape, string? named, ImmutableArray<LifeCycle> lifeCycles)
    {
        var lifeCycle = lifeCycles.FirstOrDefault(cycle =>
            named is null || string.Equals(cycle.Name, named, StringComparison.OrdinalIgnoreCase)
        );
        if (lifeCycle is not null)
        {
            Check(
                shape,
                "stages",
                stage => lifeCycle.FindStage(stage) is not null,
                lifeCycle.Stages.Select(stage => stage.Name)
            );
        }
        else if (named is not null)
        {
            shape.Fault(
                "lifeCycle",
                $"'{named}' is not known; expected one of {string.Join(", ", lifeCycles.Select(cycle => cycle.Name))}."
            );
        }

        Check(
            shape,
            "properties",
            field => LeadFields.Contains(field) || field.StartsWith(Fields.CustomPrefix, StringComparison.Ordinal),
            LeadFields.Append(Fields.CustomPrefix + "…")
        );
        Check(shape, "companyProperties", CompanyFields.Contains, CompanyFields);
    }

    private static void Check(JsonShape owner, string name, Func<string, bool> isKnown, IEnumerable<string> known)
    {
        // What is no text, or empty, is a fault already.
        foreach (
            var (theirs, ours) in owner.Element.TryGetProperty(name, out var map)
            && map.ValueKind == JsonValueKind.Object
                ? map.EnumerateObject()
                    .Where(member => member.Value.ValueKind == JsonValueKind.String)
                    .Select(member => (member.Name, member.Value.GetString()!.Trim()))
                : []
        )
        {
            if (ours.Length > 0 && !isKnown(ours))
            {
                owner
                    .Object(name)!
                    .Fault(theirs, $"'{ours}' is not known; expected one of {string.Join(", ", known)}.");
            }
        }
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
