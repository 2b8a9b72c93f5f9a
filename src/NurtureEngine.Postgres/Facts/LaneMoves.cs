using Npgsql;
using NurtureEngine.Core.Facts;
using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Tracks;
using NurtureEngine.Postgres.Tracks;

namespace NurtureEngine.Postgres.Facts;

/// <summary>Writes which tracks leads enter, and what that means to the others of the lane; what leads leave by themselves is written before.</summary>
internal sealed class LaneMoves(NpgsqlTransaction transaction, DateTimeOffset now)
{
    public async Task WriteAsync(
        FactBatch batch,
        Dictionary<ExternalKey, long> ids,
        CancellationToken cancellationToken
    )
    {
        var open = await EnrollmentWriter.FindOpenAsync(
            transaction,
            [.. batch.Enrollments.Select(enrollment => (ids[enrollment.Lead], enrollment))],
            cancellationToken
        );
        var left = batch.Exits.Select(exit => (exit.Lead, exit.Version)).ToHashSet();
        var live = batch
            .Live.SelectMany(live => live.Select(version => (Lead: live.Key, Version: version)))
            .Where(row => !left.Contains((row.Lead, row.Version)) && !left.Contains((row.Lead, null)))
            .ToList();
        var lanes = LaneRule.Decide(
            open,
            live.ToLookup(row => row.Lead, row => row.Version),
            batch.Aside,
            batch.Yielding,
            batch.Tracks
        );
        await EnrollmentWriter.ExitAsync(
            transaction,
            [.. lanes.Leaving.Select(exit => (ids[exit.Lead], exit))],
            now,
            cancellationToken
        );
        await HoldWriter.HoldAsync(
            transaction,
            [.. lanes.Pausing.Select(row => (ids[row.Lead], (int?)row.Version.Value))],
            HoldWriter.Lane,
            now,
            cancellationToken
        );
        await EnrollmentWriter.EnrollAsync(
            transaction,
            [.. lanes.Entering.Select(enrollment => (ids[enrollment.Lead], enrollment))],
            now,
            cancellationToken
        );
        await EnrollmentWriter.DeclineAsync(
            transaction,
            [.. lanes.Declined.Select(enrollment => (ids[enrollment.Lead], enrollment))],
            now,
            cancellationToken
        );
        var after = live.Where(row => batch.Moved.Contains(row.Lead))
            .Concat(lanes.Entering.Select(enrollment => (enrollment.Lead, enrollment.Version)))
            .Except(lanes.Leaving.Select(exit => (exit.Lead, exit.Version!.Value)))
            .ToList();
        await HoldWriter.ReleaseAsync(
            transaction,
            [
                .. LaneRule
                    .Resuming(after, batch.Aside, batch.Tracks)
                    .Select(row => (ids[row.Lead], (int?)row.Version.Value)),
            ],
            HoldWriter.Lane,
            now,
            cancellationToken
        );
    }
}
