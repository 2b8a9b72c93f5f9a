using Microsoft.AspNetCore.SignalR;
using NurtureEngine.Core.Reports;

namespace NurtureEngine.Studio.Instances;

/// <summary>Where Elsa Studio's viewer listens for changes of the enrollment that it shows (ELSA-STUDIO-API 8.4).</summary>
internal sealed class InstanceHub(WatchedInstances watched, IEnrollmentRecords records, ILeadSight sight) : Hub
{
    /// <summary>The name by which Studio is told that there is such a hub.</summary>
    public const string Feature = "Elsa.RealTimeWorkflowUpdates";

    /// <summary>Tells the connection of the changes of an enrollment from now on, if its person may see the lead.</summary>
    public async Task ObserveInstanceAsync(string instanceId)
    {
        var reach = await sight.OfAsync(Context.User!, Context.ConnectionAborted);
        if (
            EnrollmentRecord.ReadKey(instanceId) is not var (leadId, id)
            || await records.FindAsync(leadId, id, reach, Context.ConnectionAborted) is null
            || !watched.Add(Context.ConnectionId, (leadId, id))
        )
        {
            throw new HubException($"There is no enrollment '{instanceId}', or it can't be seen.");
        }

        await Groups.AddToGroupAsync(Context.ConnectionId, instanceId, Context.ConnectionAborted);
    }

    public override Task OnDisconnectedAsync(Exception? exception)
    {
        watched.Remove(Context.ConnectionId);
        return base.OnDisconnectedAsync(exception);
    }
}
