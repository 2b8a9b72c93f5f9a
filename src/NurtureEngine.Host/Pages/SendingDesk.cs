using NurtureEngine.Core.Channels;
using NurtureEngine.Core.Reports;
using NurtureEngine.Host.Scheduling;
using NurtureEngine.Postgres.Reports;
using NurtureEngine.Postgres.Touches;

namespace NurtureEngine.Host.Pages;

/// <inheritdoc cref="ISendingDesk" />
internal sealed class SendingDesk(
    SendingStop stop,
    HomeQueries home,
    ChannelSet channels,
    WorkSignal signal,
    [FromKeyedServices(Clocks.Business)] TimeProvider business
) : ISendingDesk
{
    public async Task<IReadOnlyList<SendingChannel>> ListAsync(CancellationToken cancellationToken)
    {
        var stops = (await stop.ListAsync(cancellationToken)).ToDictionary(one => one.Channel, StringComparer.Ordinal);
        var due = await home.DueAsync(channels.Names, business.GetUtcNow().AddDays(1), cancellationToken);
        return
        [
            .. channels.Names.Select(name => new SendingChannel(
                name,
                due.GetValueOrDefault(name),
                stops.GetValueOrDefault(name) is { } one
                    ? new ChannelStop(one.StoppedBy, one.Reason, one.StoppedAt)
                    : null
            )),
        ];
    }

    public Task StopAsync(string channel, string reason, string actor) =>
        stop.StopAsync(channel, reason, actor, actor, business.GetUtcNow(), CancellationToken.None);

    public async Task ReleaseAsync(string channel, string actor)
    {
        if (await stop.ReleaseAsync(channel, actor, actor, business.GetUtcNow(), CancellationToken.None))
        {
            signal.Raise();
        }
    }
}
