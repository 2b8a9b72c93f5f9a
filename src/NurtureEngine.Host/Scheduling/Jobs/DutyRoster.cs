using Hangfire;
using Hangfire.Common;
using Hangfire.Storage;

namespace NurtureEngine.Host.Scheduling.Jobs;

/// <summary>Sees to it that each duty is among Hangfire's recurring jobs and comes when it should, also after its tables were emptied.</summary>
internal sealed class DutyRoster(
    IEnumerable<Duty> duties,
    JobStorage storage,
    IRecurringJobManager recurring,
    TimeProvider machineTime
) : ITurn
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(5);

    private readonly Pace _looks = new(BetweenLooks, machineTime);
    private bool _isFirst = true;

    public string Name => "duties";

    /// <summary>Registers what is missing; at the first turn every duty, since its times may have changed.</summary>
    public Task<bool> RunTurnAsync(CancellationToken cancellationToken)
    {
        if (_looks.Left == TimeSpan.Zero)
        {
            Register();
            _looks.Begin();
            _isFirst = false;
        }

        return Task.FromResult(false);
    }

    private void Register()
    {
        using var connection = storage.GetConnection();
        var known = connection.GetRecurringJobs().ToDictionary(job => job.Id, StringComparer.Ordinal);
        foreach (var duty in duties)
        {
            var isSound = known.TryGetValue(duty.Name, out var job) && IsSound(job, duty);
            if (isSound && !_isFirst)
            {
                continue;
            }

            if (!isSound)
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
    }

    // A host whose clock was ahead may have put it off.
    private bool IsSound(RecurringJobDto job, Duty duty) =>
        job is { Removed: false, Cron: not null, Error: null, Job: not null }
        && (job.NextExecution is not { } next || next <= machineTime.GetUtcNow().UtcDateTime + duty.Every + Slack);
}
