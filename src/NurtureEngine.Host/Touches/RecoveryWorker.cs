using NurtureEngine.Host.Scheduling;
using NurtureEngine.Postgres.Touches;

namespace NurtureEngine.Host.Touches;

/// <summary>Moves touches on whose lease, retry or hold has run out.</summary>
internal sealed class RecoveryWorker(TouchRecovery recovery, [FromKeyedServices(Clocks.Business)] TimeProvider business)
    : ITurn
{
    public string Name => "recovery";

    public Task<bool> RunTurnAsync(CancellationToken cancellationToken) =>
        recovery.RunTurnAsync(business.GetUtcNow(), cancellationToken);
}
