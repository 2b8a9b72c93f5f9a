using System.Globalization;
using System.Text.Json.Nodes;
using NurtureEngine.Core;
using NurtureEngine.Core.Reports;
using NurtureEngine.Core.Tracks.Running;

namespace NurtureEngine.Studio.Instances;

/// <summary>An enrollment, as Elsa Studio reads a workflow instance.</summary>
internal static class InstanceAnswer
{
    /// <summary>What lists say of it.</summary>
    public static JsonObject Summary(EnrollmentRecord enrollment) =>
        new()
        {
            ["id"] = enrollment.Key,
            ["definitionId"] = enrollment.Track,
            ["definitionVersionId"] = $"v{enrollment.VersionId}",
            ["version"] = enrollment.Version,
            ["status"] = StatusOf(enrollment.State),
            ["subStatus"] = SubStatusOf(enrollment.State),
            ["correlationId"] = Lead(enrollment),
            ["name"] = Lead(enrollment),
            ["incidentCount"] = enrollment.State == EnrollmentState.Parked ? 1 : 0,
            ["createdAt"] = enrollment.EnteredAt,
            ["updatedAt"] = UpdatedAt(enrollment),
            ["finishedAt"] = enrollment.EndedAt,
        };

    /// <summary>The whole instance.</summary>
    public static JsonObject Of(EnrollmentRecord enrollment, StepNodes nodes)
    {
        var answer = Summary(enrollment);
        answer["workflowState"] = new JsonObject
        {
            ["id"] = enrollment.Key,
            ["definitionId"] = enrollment.Track,
            ["definitionVersion"] = enrollment.Version,
            ["correlationId"] = Lead(enrollment),
            ["status"] = StatusOf(enrollment.State),
            ["subStatus"] = SubStatusOf(enrollment.State),
            ["bookmarks"] = new JsonArray([.. enrollment.Standing.Tokens.Select(token => Bookmark(token, nodes))]),
            ["incidents"] = IncidentsOf(enrollment, nodes),
            ["completionCallbacks"] = new JsonArray(),
            ["activityExecutionContexts"] = new JsonArray(),
            ["input"] = new JsonObject { ["LeadId"] = $"{enrollment.LeadId}" },
            ["output"] = new JsonObject(),
            ["properties"] = new JsonObject(),
            ["createdAt"] = enrollment.EnteredAt,
            ["updatedAt"] = UpdatedAt(enrollment),
            ["finishedAt"] = enrollment.EndedAt,
        };
        return answer;
    }

    /// <summary>When it has changed last, as far as is known.</summary>
    public static DateTimeOffset UpdatedAt(EnrollmentRecord enrollment) =>
        enrollment.EndedAt ?? enrollment.ChangedAt ?? enrollment.EnteredAt;

    public static string StatusOf(EnrollmentState state) =>
        state is EnrollmentState.Completed or EnrollmentState.Exited ? "Finished" : "Running";

    public static string SubStatusOf(EnrollmentState state) =>
        state switch
        {
            EnrollmentState.Completed => "Finished",
            EnrollmentState.Exited => "Cancelled",
            EnrollmentState.Parked => "Faulted",
            EnrollmentState.Paused => "Interrupted",
            _ => "Suspended",
        };

    // Studio searches by it, and shows it as the name.
    private static string Lead(EnrollmentRecord enrollment)
    {
        var id = enrollment.LeadId.ToString(CultureInfo.InvariantCulture);
        return new LocalisedText($"lead {id}", $"线索 {id}").In(CultureInfo.CurrentUICulture);
    }

    private static JsonNode Bookmark(Token token, StepNodes nodes)
    {
        var node = nodes.Find(token.Step.Value);
        return new JsonObject
        {
            ["id"] = $"{token.Step.Value}-{token.Visit}",
            ["name"] = node.Type,
            ["hash"] = token.Step.Value,
            ["activityNodeId"] = node.NodeId,
            ["activityInstanceId"] = token.Step.Value,
            ["autoBurn"] = true,
        };
    }

    private static JsonArray IncidentsOf(EnrollmentRecord enrollment, StepNodes nodes)
    {
        if (enrollment is not { State: EnrollmentState.Parked, Standing.Tokens: [var token, ..] })
        {
            return [];
        }

        var node = nodes.Find(token.Step.Value);
        return new JsonArray(
            new JsonObject
            {
                ["activityId"] = token.Step.Value,
                ["activityNodeId"] = node.NodeId,
                ["activityType"] = node.Type,
                ["message"] = $"{enrollment.Code} {enrollment.Argument}".TrimEnd(),
                ["timestamp"] = enrollment.EnteredAt,
            }
        );
    }
}
