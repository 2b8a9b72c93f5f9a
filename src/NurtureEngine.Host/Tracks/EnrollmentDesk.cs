using NurtureEngine.Core.Reports;
using NurtureEngine.Core.Tracks;
using NurtureEngine.Core.Tracks.Acts;
using NurtureEngine.Host.Scheduling;
using NurtureEngine.Postgres.Tracks;

namespace NurtureEngine.Host.Tracks;

/// <inheritdoc cref="IEnrollmentDesk" />
internal sealed class EnrollmentDesk(
    EnrollmentActs acts,
    TrackCatalog catalog,
    WorkSignal signal,
    [FromKeyedServices(Clocks.Business)] TimeProvider business
) : IEnrollmentDesk
{
    public async Task<IReadOnlyList<(string Step, string Name)>> TargetsAsync(
        EnrollmentRecord enrollment,
        CancellationToken cancellationToken
    )
    {
        await catalog.RefreshAsync(always: false, cancellationToken);
        return catalog.Find(new TrackVersionId(enrollment.VersionId)) is { } track
            ?
            [
                .. StepSkip
                    .TargetsOf(track, enrollment.Standing)
                    .Select(step => (step.Value, track.Steps[step].Name))
                    .OrderBy(step => step.Name, StringComparer.Ordinal),
            ]
            : [];
    }

    public async Task<bool> RetryAsync(long id, string actor, CancellationToken cancellationToken) =>
        await acts.FindLeadOfParkedAsync(id, cancellationToken) is { } lead
        && await DoAsync(
            new EnrollmentAct
            {
                LeadId = lead,
                Id = id,
                Kind = ActKind.Retry,
                Actor = actor,
            },
            cancellationToken
        ) == ActOutcome.Done;

    public async Task<ActOutcome> DoAsync(EnrollmentAct act, CancellationToken cancellationToken)
    {
        await catalog.RefreshAsync(always: false, cancellationToken);
        var outcome = await acts.DoAsync(
            act,
            (version, standing) =>
                act.Step is { } step && catalog.Find(version) is { } track
                    ? StepSkip.To(track, standing, new StepId(step))
                    : null,
            business.GetUtcNow(),
            cancellationToken
        );
        if (outcome == ActOutcome.Done)
        {
            signal.Raise();
        }

        return outcome;
    }
}
