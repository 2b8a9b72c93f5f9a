using System.Text.Json.Nodes;
using Microsoft.AspNetCore.SignalR;
using NurtureEngine.Core.Reports;
using NurtureEngine.Studio.Definitions;

namespace NurtureEngine.Studio.Instances;

/// <summary>Tells viewers how an enrollment stands, in the three messages that Elsa Studio listens for.</summary>
internal sealed class InstanceTelling(IEnrollmentRecords records, ITrackDefinitions definitions)
{
    /// <summary>Tells it to viewers who were found to see the lead.</summary>
    public async Task TellAsync(IClientProxy viewers, (long LeadId, long Id) key, CancellationToken cancellationToken)
    {
        if (
            await records.FindAsync(key.LeadId, key.Id, LeadReach.All, cancellationToken) is not { } found
            || await definitions.FindByIdAsync(found.VersionId, cancellationToken) is not { } version
        )
        {
            return;
        }

        var nodes = StepNodes.Of(DefinitionAnswer.Complete(JsonNode.Parse(version.Definition)!.AsObject()));
        var entries = await records.EntriesAsync(key.LeadId, key.Id, cancellationToken);
        var stats = new JsonArray([.. new JournalAnswer(found, entries, nodes).Stats()]);
        await viewers.SendAsync(
            "WorkflowInstanceUpdatedAsync",
            new JsonObject { ["workflowInstanceId"] = found.Key },
            cancellationToken
        );
        await viewers.SendAsync("WorkflowExecutionLogUpdatedAsync", new JsonObject(), cancellationToken);
        await viewers.SendAsync(
            "ActivityExecutionLogUpdatedAsync",
            new JsonObject { ["stats"] = stats },
            cancellationToken
        );
    }
}
