using System.Text.Json.Nodes;
using NurtureEngine.Core.Reports;
using NurtureEngine.Studio.Saving;

namespace NurtureEngine.Studio.Instances;

/// <summary>Enrollments, by the addresses that Elsa Studio calls for workflow instances. They are looked at here, and changed on pages of the console.</summary>
internal static class InstanceEndpoints
{
    private const int MostAtOnce = 110;

    public static void MapInstances(this IEndpointRouteBuilder api)
    {
        api.MapPost("/workflow-instances", ListAsync);
        var one = api.MapGroup("/workflow-instances/{id}");
        one.MapGet("/", (InstanceQuery query) => query.AnswerAsync((found, nodes) => InstanceAnswer.Of(found, nodes)));
        one.MapGet("/execution-state", (InstanceQuery query) => query.AnswerAsync((found, _) => StateOf(found)));
        one.MapGet("/variables", (InstanceQuery query) => query.AnswerAsync((found, _) => VariablesOf(found)));
        one.MapPost("/journal", JournalAsync);
        one.MapGet("/journal", JournalAsync);
        api.MapPost("/activity-executions/report", ReportAsync);
        api.MapGet("/activity-execution-summaries/list", ExecutionsAsync);
        api.MapGet("/activity-executions/list", ExecutionsAsync);
        api.MapGet("/activity-executions/by-id", ExecutionAsync);
        api.MapGet(
            "/activity-executions/{id}/call-stack",
            (string id) =>
                new
                {
                    activityExecutionId = id,
                    items = Array.Empty<object>(),
                    totalCount = 0,
                }
        );
        api.MapGet("/resilience/retries/{id}", () => new { items = Array.Empty<object>(), totalCount = 0 });
        foreach (
            var path in new[]
            {
                "/cancel/workflow-instances/{id}",
                "/bulk-actions/cancel/workflow-instances",
                "/bulk-actions/delete/workflow-instances/by-id",
            }
        )
        {
            api.MapPost(path, () => SaveEndpoints.Refuse(SaveSentences.LookOnly))
                .AddEndpointFilter(WriteGuard.AdmitAsync);
        }

        one.MapDelete("/", () => SaveEndpoints.Refuse(SaveSentences.LookOnly)).AddEndpointFilter(WriteGuard.AdmitAsync);
    }

    private static async Task<IResult> ListAsync(
        HttpContext http,
        IEnrollmentRecords records,
        ILeadSight sight,
        CancellationToken cancellationToken
    )
    {
        var (body, fault) = await ModelBody.ReadAsync(http.Request, cancellationToken);
        if (body is null)
        {
            return SaveEndpoints.Refuse(fault);
        }

        var (rows, count) = await records.ListAsync(
            InstanceFilter.Read(body),
            await sight.OfAsync(http.User, cancellationToken),
            cancellationToken
        );
        return TypedResults.Ok(
            new JsonObject
            {
                ["items"] = new JsonArray([.. rows.Select(InstanceAnswer.Summary)]),
                ["totalCount"] = count,
                ["links"] = new JsonArray(),
            }
        );
    }

    private static async Task<IResult> JournalAsync(InstanceQuery query, HttpContext http, int? skip, int? take)
    {
        var (body, _) = await ModelBody.ReadAsync(http.Request, http.RequestAborted);
        var filter = body?["filter"] as JsonObject;
        var wanted = InstanceFilter.Texts(filter, "activityNodeIds");
        var excluded = InstanceFilter.Texts(filter, "excludedActivityTypes");
        var names = InstanceFilter.Texts(filter, "eventNames");
        return await query.JournalAsync(journal =>
        {
            var records = journal
                .Records(node => (wanted.Count == 0 || wanted.Contains(node.NodeId)) && !excluded.Contains(node.Type))
                .Where(record => names.Count == 0 || names.Contains($"{record["eventName"]}"))
                .ToList();
            var page = records.Skip(Math.Max(skip ?? 0, 0)).Take(Math.Clamp(take ?? MostAtOnce, 1, MostAtOnce));
            return new JsonObject { ["items"] = new JsonArray([.. page]), ["totalCount"] = records.Count };
        });
    }

    private static async Task<IResult> ReportAsync(InstanceQuery query, HttpContext http)
    {
        var (body, fault) = await ModelBody.ReadAsync(http.Request, http.RequestAborted);
        return body is null
            ? SaveEndpoints.Refuse(fault)
            : await query.JournalAsync(
                ModelBody.TextOf(body, "workflowInstanceId") ?? "",
                journal => new JsonObject { ["stats"] = new JsonArray([.. journal.Stats()]) }
            );
    }

    private static Task<IResult> ExecutionsAsync(
        InstanceQuery query,
        string? workflowInstanceId,
        string? activityNodeId
    ) =>
        query.JournalAsync(
            workflowInstanceId ?? "",
            journal =>
            {
                var found = journal.Executions(activityNodeId).ToList();
                return new JsonObject { ["items"] = new JsonArray([.. found]), ["count"] = found.Count };
            }
        );

    // Its id begins with that of the instance.
    private static Task<IResult> ExecutionAsync(InstanceQuery query, string? id) =>
        query.JournalAsync(
            id?.LastIndexOf('-') is > 0 and var end ? id[..end] : "",
            journal => journal.Executions(nodeId: null).FirstOrDefault(one => (string?)one["id"] == id)
        );

    private static JsonObject StateOf(EnrollmentRecord enrollment) =>
        new()
        {
            ["status"] = InstanceAnswer.StatusOf(enrollment.State),
            ["workflowSubStatus"] = InstanceAnswer.SubStatusOf(enrollment.State),
            ["updatedAt"] = InstanceAnswer.UpdatedAt(enrollment),
        };

    private static JsonObject VariablesOf(EnrollmentRecord enrollment)
    {
        var variables = enrollment
            .Standing.Variables.Select(variable =>
                (JsonNode)
                    new JsonObject
                    {
                        ["id"] = variable.Key,
                        ["name"] = variable.Key,
                        ["value"] = variable.Value,
                    }
            )
            .ToArray();
        return new JsonObject { ["items"] = new JsonArray(variables), ["count"] = variables.Length };
    }
}
