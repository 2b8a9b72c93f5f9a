using System.Diagnostics.Metrics;
using NurtureEngine.Channels.Http;
using NurtureEngine.Core.Channels;
using NurtureEngine.Host.Storage;
using NurtureEngine.Postgres.Reports;

namespace NurtureEngine.Host.Scheduling;

/// <summary>Looks every quarter of a minute at how much waits, and shows it as gauges; nothing while the database is away.</summary>
internal sealed class BacklogMeter : BackgroundService
{
    private const int Bound = 100_000;
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(15);

    // Of its own, so that its gauges end with it.
    private readonly Meter _meter = new(NurtureMetrics.Name);
    private readonly BacklogStore _store;
    private readonly ChannelSet _channels;
    private readonly TimeProvider _business;
    private readonly TimeProvider _machine;
    private volatile Backlog? _latest;

    public BacklogMeter(
        BacklogStore store,
        ChannelSet channels,
        TargetHealth targets,
        [FromKeyedServices(Clocks.Business)] TimeProvider business,
        TimeProvider machine
    )
    {
        _meter.CreateObservableGauge(
            "nurture.targets.failing",
            () => targets.Broken.Count,
            description: "Other systems that are not called for a while, since calls of them have failed."
        );
        (_store, _channels, _business, _machine) = (store, channels, business, machine);
        Gauge("nurture.inbox.pending", "Events that wait to be applied.", backlog => backlog.InboxPending);
        Gauge("nurture.inbox.dead", "Dead letters.", backlog => backlog.InboxDead);
        Gauge("nurture.enrollments.due", "Enrollments that are due.", backlog => backlog.EnrollmentsDue);
        Gauge("nurture.enrollments.parked", "Enrollments that can't go on.", backlog => backlog.EnrollmentsParked);
        Gauge("nurture.touches.due", "Touches that are due.", backlog => backlog.TouchesDue);
        Gauge(
            "nurture.touches.awaiting_approval",
            "Touches that wait for a yes.",
            backlog => backlog.TouchesAwaitingApproval
        );
        Gauge(
            "nurture.touches.uncertain",
            "Touches of which nobody knows whether they left.",
            backlog => backlog.TouchesUncertain
        );
        Gauge(
            "nurture.touches.oldest",
            "For how long the oldest due touch has waited, in seconds.",
            backlog => backlog.OldestTouchSeconds
        );
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(BetweenLooks, _machine);
        do
        {
            try
            {
                _latest = await _store.ReadAsync(_channels.Names, _business.GetUtcNow(), Bound, stoppingToken);
            }
            catch (Exception exception) when (Outage.Is(exception))
            {
                _latest = null;
            }
        } while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    public override void Dispose()
    {
        _meter.Dispose();
        base.Dispose();
    }

    private void Gauge(string name, string description, Func<Backlog, double> value) =>
        _meter.CreateObservableGauge(
            name,
            () =>
                _latest is { } backlog ? [new Measurement<double>(value(backlog))] : Array.Empty<Measurement<double>>(),
            description: description
        );
}
