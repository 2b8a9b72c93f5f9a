using NurtureEngine.Host.Tracks;
using NurtureEngine.Postgres.Intake;
using NurtureEngine.Postgres.Migrations;
using NurtureEngine.Postgres.Touches;
using NurtureEngine.Postgres.Tracks;

namespace NurtureEngine.Host.Scheduling.Jobs;

/// <summary>Makes the partitions of the months to come.</summary>
internal sealed class PartitionsTurn(Partitions partitions, [FromKeyedServices(Clocks.Business)] TimeProvider business)
    : ITurn
{
    public string Name => "partitions";

    public async Task<bool> RunTurnAsync(CancellationToken cancellationToken)
    {
        await partitions.RunTurnAsync(business.GetUtcNow(), cancellationToken);
        return false;
    }
}

/// <summary>Deletes what is kept for a time only.</summary>
internal sealed class RetentionTurn(
    Retention retention,
    InboxStore inbox,
    [FromKeyedServices(Clocks.Business)] TimeProvider business
) : ITurn
{
    public string Name => "retention";

    public async Task<bool> RunTurnAsync(CancellationToken cancellationToken) =>
        await retention.RunTurnAsync(business.GetUtcNow(), cancellationToken)
        || await inbox.ForgetAsync(business.GetUtcNow(), cancellationToken);
}

/// <summary>Folds the counts of steps.</summary>
internal sealed class TallyTurn(StepTallies tallies) : ITurn
{
    public string Name => "tallies";

    public Task<bool> RunTurnAsync(CancellationToken cancellationToken) => tallies.FoldAsync(cancellationToken);
}

/// <summary>Lets those go on that were set aside in a lane that nobody else is in.</summary>
internal sealed class LanesTurn(
    LaneRecovery recovery,
    TrackCatalog tracks,
    [FromKeyedServices(Clocks.Business)] TimeProvider business
) : ITurn
{
    public string Name => "lanes";

    public async Task<bool> RunTurnAsync(CancellationToken cancellationToken)
    {
        await tracks.RefreshAsync(always: false, cancellationToken);
        await recovery.RunTurnAsync(tracks.Tracks, business.GetUtcNow(), cancellationToken);
        return false;
    }
}
