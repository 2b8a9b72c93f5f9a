using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using NurtureEngine.Core.Reports;
using NurtureEngine.Studio.Definitions;

namespace NurtureEngine.Studio.Instances;

/// <summary>Finds the enrollment of a request, within the reach of who asks, and answers with a part of it.</summary>
internal sealed class InstanceQuery(HttpContext http) : IBindableFromHttpContext<InstanceQuery>
{
    public static ValueTask<InstanceQuery?> BindAsync(HttpContext context, ParameterInfo parameter) =>
        ValueTask.FromResult<InstanceQuery?>(new InstanceQuery(context));

    /// <summary>The enrollment that the address names.</summary>
    public Task<IResult> AnswerAsync(Func<EnrollmentRecord, StepNodes, JsonObject> show) =>
        AnswerAsync(
            $"{http.GetRouteValue("id")}",
            (found, nodes, _) => Task.FromResult<JsonObject?>(show(found, nodes))
        );

    /// <summary>The journal of the enrollment that the address names.</summary>
    public Task<IResult> JournalAsync(Func<JournalAnswer, JsonObject?> show) =>
        JournalAsync($"{http.GetRouteValue("id")}", show);

    /// <summary>The journal of an enrollment.</summary>
    public Task<IResult> JournalAsync(string id, Func<JournalAnswer, JsonObject?> show) =>
        AnswerAsync(
            id,
            async (found, nodes, records) =>
                show(
                    new JournalAnswer(
                        found,
                        await records.EntriesAsync(found.LeadId, found.Id, http.RequestAborted),
                        nodes
                    )
                )
        );

    private async Task<IResult> AnswerAsync(
        string id,
        Func<EnrollmentRecord, StepNodes, IEnrollmentRecords, Task<JsonObject?>> show
    )
    {
        var services = http.RequestServices;
        var records = services.GetRequiredService<IEnrollmentRecords>();
        var reach = await services.GetRequiredService<ILeadSight>().OfAsync(http.User, http.RequestAborted);
        var found = EnrollmentRecord.ReadKey(id) is var (leadId, own)
            ? await records.FindAsync(leadId, own, reach, http.RequestAborted)
            : null;
        var version = found is null
            ? null
            : await services
                .GetRequiredService<ITrackDefinitions>()
                .FindByIdAsync(found.VersionId, http.RequestAborted);
        if (found is null || version is null)
        {
            return NotThere(id);
        }

        // Ports mean nothing here.
        var definition = DefinitionAnswer.Complete(JsonNode.Parse(version.Definition)!.AsObject());
        return await show(found, StepNodes.Of(definition), records) is { } answer
            ? TypedResults.Ok(answer)
            : NotThere(id);
    }

    private static IResult NotThere(string id) =>
        TypedResults.Problem(
            $"There is no enrollment '{id}', or it can't be seen.",
            statusCode: StatusCodes.Status404NotFound
        );
}
