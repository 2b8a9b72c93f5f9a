using System.Globalization;
using Hangfire;
using Hangfire.Common;
using Hangfire.States;
using NurtureEngine.Core.Channels;
using NurtureEngine.Host.Touches;
using NurtureEngine.Postgres;
using NurtureEngine.Postgres.Touches;

namespace NurtureEngine.Host.Scheduling.Jobs;

/// <summary>
/// Keeps a job going for each send slot: finds the slots in the touches, starts what has no living job, deletes what is over. It is the only one that
/// writes slots, and what it finds missing it makes anew, so that a job or a table of Hangfire's may be lost at any time.
/// </summary>
internal sealed class SlotTurn(
    SlotStore slots,
    SendingStop stop,
    ChannelSet channels,
    DispatchTurn dispatch,
    IBackgroundJobClient jobs,
    TimeProvider machineTime,
    [FromKeyedServices(Clocks.Business)] TimeProvider business
) : ITurn
{
    /// <summary>How many touches are due before other hosts help.</summary>
    internal const int Many = 10_000;

    // Busy hosts raise their signal many times a second.
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan BetweenLooksAhead = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan BetweenHelp = TimeSpan.FromSeconds(2);

    private readonly Pace _looks = new(BetweenLooks, machineTime);
    private readonly Pace _looksAhead = new(BetweenLooksAhead, machineTime);
    private readonly Dictionary<string, Pace> _help = channels.Names.ToDictionary(
        name => name,
        _ => new Pace(BetweenHelp, machineTime),
        StringComparer.Ordinal
    );

    public string Name => "slots";

    public async Task<bool> RunTurnAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(_looks.Left, machineTime, cancellationToken);
        _looks.Begin();
        var isLookingAhead = _looksAhead.Left == TimeSpan.Zero;
        var hasMore = false;
        foreach (var channel in channels.All)
        {
            hasMore |= await KeepAsync(channel.Name, isLookingAhead, cancellationToken);
        }

        if (isLookingAhead && !hasMore)
        {
            await slots.TidyAsync(cancellationToken);
            _looksAhead.Begin();
        }

        return false;
    }

    // True where there is more to be done for slots to come.
    private async Task<bool> KeepAsync(string channel, bool isLookingAhead, CancellationToken cancellationToken)
    {
        var now = business.GetUtcNow();
        var until = now + (isLookingAhead ? SlotStore.Ahead : TimeSpan.FromMinutes(1));
        await slots.FindAsync(channel, now, until, cancellationToken);
        var (started, deleted) = (0, 0);
        if (!dispatch.IsUnreachable(channel) && !await stop.IsStoppedAsync(channel, cancellationToken))
        {
            if (await slots.StartDueAsync(channel, now, cancellationToken) is { } due)
            {
                await CreateAsync(channel, due, cancellationToken);
            }

            var coming = await slots.StartComingAsync(channel, now, until, cancellationToken);
            foreach (var slot in coming)
            {
                await CreateAsync(channel, slot, cancellationToken);
            }

            started = coming.Count;
            await HelpAsync(channel, now, cancellationToken);
        }

        await slots.DeletePastAsync(channel, now, cancellationToken);
        if (isLookingAhead)
        {
            var emptied = await slots.DeleteEmptyAsync(channel, now, cancellationToken);
            foreach (var job in emptied.OfType<long>())
            {
                jobs.Delete(job.ToString(CultureInfo.InvariantCulture));
            }

            deleted = emptied.Count;
        }

        return started == SlotStore.Most || deleted == SlotStore.Most;
    }

    private async Task CreateAsync(string channel, DateTimeOffset slot, CancellationToken cancellationToken)
    {
        Waypoints.Pass("slots.starting");
        var job = Create(channel, slot, slot - business.GetUtcNow());
        Waypoints.Pass("slots.started");
        await slots.NoteAsync(channel, slot, long.Parse(job, CultureInfo.InvariantCulture), cancellationToken);
    }

    private async Task HelpAsync(string channel, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (_help[channel].Left > TimeSpan.Zero)
        {
            return;
        }

        _help[channel].Begin();
        if (await slots.HelpAsync(channel, now, Many, cancellationToken) is { } slot)
        {
            Create(channel, slot, TimeSpan.Zero);
            await slots.HelpedAsync(channel, slot, cancellationToken);
        }
    }

    // Business and machine time pass at the same speed in a host with loops, and may differ.
    private string Create(string channel, DateTimeOffset slot, TimeSpan delay) =>
        jobs.Create(
            Job.FromExpression<SendSlotJob>(job => job.RunAsync(channel, slot, CancellationToken.None), channel),
            delay > TimeSpan.Zero ? new ScheduledState(delay) : new EnqueuedState(channel)
        );
}
