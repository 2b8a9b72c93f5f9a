using System.Text.Json;
using Dapper;
using NurtureEngine.Core.Reports;

namespace NurtureEngine.Postgres.Leads;

/// <summary>A <see cref="LeadReach" /> as a condition on a lead that the statement calls <c>l</c>.</summary>
internal static class ReachSql
{
    /// <summary>True for the leads that may be seen. What does not apply is left out, so that what does can use its index.</summary>
    public static string ConditionOf(LeadReach reach)
    {
        if (reach.IsAll)
        {
            return "true";
        }

        string?[] ways =
        [
            reach.Owners.IsEmpty
                ? null
                : $"(lower(l.fields->>'owner.email') = ANY(@owners) AND {Short("owner.email")})",
            reach.Countries.IsEmpty ? null : "l.fields->>'country' = ANY(@countries)",
            reach.Partner is null ? null : $"(l.fields->>'custom.partner' = @partner AND {Short("custom.partner")})",
        ];
        var open = ways.OfType<string>().ToList();
        return open.Count == 0 ? "false" : $"({string.Join(" OR ", open)})";
    }

    // The indexes leave out long values, which would not fit into them.
    private static string Short(string field) => $"length(l.fields->>'{field}') <= 300";

    /// <summary>Fields, a <c>jsonb</c> column, without those that are kept from view.</summary>
    public static string Seen(string column) =>
        $"""
            CASE WHEN cardinality(@hidden) = 0 OR {column} IS NULL THEN {column} ELSE (
                SELECT COALESCE(jsonb_object_agg(key, value), jsonb_build_object()) FROM jsonb_each({column}) WHERE NOT EXISTS (
                    SELECT FROM unnest(@hidden) AS h (name) WHERE key = h.name OR (h.name LIKE '%.' AND starts_with(key, h.name)))) END
            """;

    /// <summary>What the condition reads, and what <see cref="Seen" /> does; to which the statement's own parameters are added.</summary>
    public static DynamicParameters Parameters(LeadReach reach, object own)
    {
        var parameters = new DynamicParameters(own);
        parameters.Add("hidden", reach.HiddenFields.ToArray());
        parameters.Add("owners", reach.Owners.ToArray());
        parameters.Add("countries", reach.Countries.ToArray());
        // Custom fields are kept as JSON.
        parameters.Add("partner", reach.Partner is null ? null : JsonSerializer.Serialize(reach.Partner, AsKept));
        return parameters;
    }

    private static readonly JsonSerializerOptions AsKept = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
