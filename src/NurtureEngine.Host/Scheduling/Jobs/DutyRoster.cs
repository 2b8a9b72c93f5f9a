using Hangfire;
using Hangfire.Common;
using Hangfire.Storage;

namespace NurtureEngine.Host.Scheduling.Jobs;

/// <summary>Sees to it that each duty is among Hangfire's recurring jobs, also after its tables were emptied.</summary>
internal sealed class DutyRoster(
    IEnumerable<Duty> duties,
    JobStorage storage,
    IRecurringJobManager recurring,
    TimeProvider machineTime
)
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(15);

    private long? _lookedAt;

    /// <summary>Registers what is missing; at the first call every duty, since its times may have changed.</summary>
    public void Register()
    {
        if (_lookedAt is { } at && machineTime.GetElapsedTime(at) < BetweenLooks)
        {
            return;
        }

        using var connection = storage.GetConnection();
        var known = connection
            .GetRecurringJobs()
            .Where(job => job is { Removed: false, Cron: not null, Error: null, Job: not null })
            .Select(job => job.Id)
            .ToHashSet(StringComparer.Ordinal);
        foreach (var duty in duties.Where(duty => _lookedAt is null || !known.Contains(duty.Name)))
        {
            if (!known.Contains(duty.Name))
            {
                // What is left of one that was lost in part would pass for unchanged.
                recurring.RemoveIfExists(duty.Name);
            }

            recurring.AddOrUpdate(
                duty.Name,
                Job.FromExpression<DutyJob>(job => job.RunAsync(duty.Name, CancellationToken.None)),
                duty.Cron,
                new RecurringJobOptions { TimeZone = TimeZoneInfo.Utc }
            );
        }

        _lookedAt = machineTime.GetTimestamp();
    }
}
