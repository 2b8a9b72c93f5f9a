using Microsoft.AspNetCore.SignalR;
using NurtureEngine.Core.Reports;
using NurtureEngine.Studio.Saving;

namespace NurtureEngine.Studio.Instances;

/// <summary>Where Elsa Studio's viewer listens for changes of the enrollment that it shows (ELSA-STUDIO-API 8.4).</summary>
internal sealed class InstanceHub(
    WatchedInstances watched,
    IEnrollmentRecords records,
    ILeadSight sight,
    InstanceTelling telling
) : Hub
{
    /// <summary>The name by which Studio is told that there is such a hub.</summary>
    public const string Feature = "Elsa.RealTimeWorkflowUpdates";

    // No rule of browsers keeps a page of another site from opening a WebSocket; clients that are no browser say nothing of where they come from.
    public override Task OnConnectedAsync()
    {
        var request = Context.GetHttpContext()!.Request;
        if (request.Headers.ContainsKey("Origin") && WriteGuard.IsFromElsewhere(request))
        {
            Context.Abort();
        }

        return base.OnConnectedAsync();
    }

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
        // Changes since the page was loaded would not be reported otherwise.
        await telling.TellAsync(Clients.Caller, (leadId, id), Context.ConnectionAborted);
    }

    public override Task OnDisconnectedAsync(Exception? exception)
    {
        watched.Remove(Context.ConnectionId);
        return base.OnDisconnectedAsync(exception);
    }
}
