using System.Globalization;
using System.Text.Json.Nodes;
using NurtureEngine.Core.Reports;
using NurtureEngine.Core.Tracks.Running;
using NurtureEngine.Studio.Saving;

namespace NurtureEngine.Studio.Instances;

/// <summary>What Elsa Studio asks of a list of instances.</summary>
internal static class InstanceFilter
{
    public static EnrollmentFilter Read(JsonObject body)
    {
        var size = Math.Clamp(Number(body, "pageSize") ?? 25, 1, 100);
        return new EnrollmentFilter
        {
            Tracks =
            [
                .. Texts(body, "definitionIds").Concat(ModelBody.TextOf(body, "definitionId") is { } one ? [one] : []),
            ],
            States = [.. StatesOf(body)],
            // The name of an instance is its lead.
            LeadId = long.TryParse(
                (ModelBody.TextOf(body, "searchTerm") ?? "")
                    .Replace("lead", "", StringComparison.OrdinalIgnoreCase)
                    .Replace("线索", "", StringComparison.Ordinal),
                NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite,
                CultureInfo.InvariantCulture,
                out var lead
            )
                ? lead
                : null,
            Skip = Math.Clamp(Number(body, "page") ?? 0, 0, 10_000) * size,
            Take = size,
        };
    }

    /// <summary>The texts of a list; empty where there is none.</summary>
    public static HashSet<string> Texts(JsonObject? some, string name) =>
        [.. (some?[name] as JsonArray ?? []).Select(item => $"{item}")];

    private static IEnumerable<EnrollmentState> StatesOf(JsonObject body)
    {
        var status = Texts(body, "statuses").Append(ModelBody.TextOf(body, "status")).OfType<string>().ToHashSet();
        var subStatus = Texts(body, "subStatuses")
            .Append(ModelBody.TextOf(body, "subStatus"))
            .OfType<string>()
            .ToHashSet();
        return status.Count + subStatus.Count == 0
            ? []
            : Enum.GetValues<EnrollmentState>()
                .Where(state => status.Count == 0 || status.Contains(InstanceAnswer.StatusOf(state)))
                .Where(state => subStatus.Count == 0 || subStatus.Contains(InstanceAnswer.SubStatusOf(state)));
    }

    private static int? Number(JsonObject body, string name) =>
        body[name] is JsonValue value && value.TryGetValue<int>(out var number) ? number : null;
}
