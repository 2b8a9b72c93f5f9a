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
            reach.Owners.IsEmpty ? null : "lower(l.fields->>'owner.email') = ANY(@owners)",
            reach.Countries.IsEmpty ? null : "l.fields->>'country' = ANY(@countries)",
            reach.Partner is null ? null : "l.fields->>'custom.partner' = @partner",
        ];
        var open = ways.OfType<string>().ToList();
        return open.Count == 0 ? "false" : $"({string.Join(" OR ", open)})";
    }

    /// <summary>What the condition reads, and <c>@hidden</c>, the fields that are kept from view; to which the statement's own parameters are added.</summary>
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
