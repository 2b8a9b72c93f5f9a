using System.Text.Json.Nodes;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NurtureEngine.Core.Reports;
using NurtureEngine.Studio.Definitions;

namespace NurtureEngine.Studio.Instances;

/// <summary>Tells viewers that the enrollment they show has changed. One query a second for all that are watched through this host, none while none is.</summary>
internal sealed partial class InstancePulse(
    WatchedInstances watched,
    IEnrollmentRecords records,
    ITrackDefinitions definitions,
    IHubContext<InstanceHub> hub,
    TimeProvider machineTime,
    ILogger<InstancePulse> logger
) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private Dictionary<(long LeadId, long Id), string> _seen = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, machineTime);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await LookAsync(stoppingToken);
            }
#pragma warning disable CA1031 // While the database is away viewers show what they have; the next look finds what has changed.
            catch (Exception exception) when (exception is not OperationCanceledException)
#pragma warning restore CA1031
            {
                LogLookFailed(exception);
            }
        }
    }

    /// <summary>Looks once, and tells viewers of what has changed since the last look.</summary>
    internal async Task LookAsync(CancellationToken cancellationToken)
    {
        var all = watched.All;
        if (all.Count == 0)
        {
            _seen = [];
            return;
        }

        var stamps = await records.StampsAsync(all, cancellationToken);
        var changed = stamps.Where(stamp => _seen.TryGetValue(stamp.Key, out var seen) && seen != stamp.Value).ToList();
        _seen = stamps.ToDictionary();
        foreach (var (key, _) in changed)
        {
            await TellAsync(key, cancellationToken);
        }
    }

    private async Task TellAsync((long LeadId, long Id) key, CancellationToken cancellationToken)
    {
        // Whoever is in the group was found to see the lead.
        if (
            await records.FindAsync(key.LeadId, key.Id, LeadReach.All, cancellationToken) is not { } found
            || await definitions.FindByIdAsync(found.VersionId, cancellationToken) is not { } version
        )
        {
            return;
        }

        var nodes = StepNodes.Of(DefinitionAnswer.Complete(JsonNode.Parse(version.Definition)!.AsObject()));
        var entries = await records.EntriesAsync(key.LeadId, key.Id, cancellationToken);
        var id = found.Key;
        var viewers = hub.Clients.Group(id);
        var stats = new JsonArray([.. new JournalAnswer(found, entries, nodes).Stats()]);
        await viewers.SendAsync(
            "WorkflowInstanceUpdatedAsync",
            new JsonObject { ["workflowInstanceId"] = id },
            cancellationToken
        );
        await viewers.SendAsync("WorkflowExecutionLogUpdatedAsync", new JsonObject(), cancellationToken);
        await viewers.SendAsync(
            "ActivityExecutionLogUpdatedAsync",
            new JsonObject { ["stats"] = stats },
            cancellationToken
        );
    }

    [LoggerMessage(
        EventId = 6001,
        Level = LogLevel.Warning,
        Message = "Viewers of enrollments could not be told of changes"
    )]
    private partial void LogLookFailed(Exception exception);
}
