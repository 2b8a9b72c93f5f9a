using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NurtureEngine.Core.Reports;

namespace NurtureEngine.Studio.Instances;

/// <summary>Tells viewers that the enrollment they show has changed. One query a second for all that are watched through this host, none while none is.</summary>
internal sealed partial class InstancePulse(
    WatchedInstances watched,
    IEnrollmentRecords records,
    InstanceTelling telling,
    IHubContext<InstanceHub> hub,
    TimeProvider machineTime,
    ILogger<InstancePulse> logger
) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private Dictionary<(long LeadId, long Id), string> _seen = [];
    private bool _isFailing;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, machineTime);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await LookAsync(stoppingToken);
                _isFailing = false;
            }
#pragma warning disable CA1031 // While the database is away viewers show what they have; the next look finds what has changed.
            catch (Exception exception) when (exception is not OperationCanceledException)
#pragma warning restore CA1031
            {
                // Once for each time that it begins.
                if (!_isFailing)
                {
                    LogLookFailed(exception);
                }

                _isFailing = true;
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
        // What can't be told now keeps its former stamp, so that a later look tells it.
        var before = _seen;
        _seen = stamps.ToDictionary(stamp => stamp.Key, stamp => before.GetValueOrDefault(stamp.Key, stamp.Value));
        foreach (var (key, stamp) in changed)
        {
            await telling.TellAsync(hub.Clients.Group(EnrollmentRecord.KeyOf(key)), key, cancellationToken);
            _seen[key] = stamp;
        }
    }

    [LoggerMessage(
        EventId = 6001,
        Level = LogLevel.Warning,
        Message = "Viewers of enrollments could not be told of changes"
    )]
    private partial void LogLookFailed(Exception exception);
}
