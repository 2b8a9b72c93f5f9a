using NurtureEngine.Core.Channels;
using NurtureEngine.Host.Scheduling;
using NurtureEngine.Host.Storage;
using NurtureEngine.Host.Tracks;
using NurtureEngine.Postgres.Touches;

namespace NurtureEngine.Host.Touches;

/// <summary>Sends what is due, channel by channel.</summary>
internal sealed class DispatchTurn(
    ChannelSet channels,
    TouchStore store,
    SendingStop stop,
    HandOver handOver,
    TrackCatalog tracks,
    SchemaFence fence,
    TimeProvider machineTime,
    [FromKeyedServices(Clocks.Business)] TimeProvider business,
    ILogger<DispatchTurn> logger
) : ITurn
{
    private readonly Dictionary<string, ChannelDispatch> _channels = channels.All.ToDictionary(
        channel => channel.Name,
        channel => new ChannelDispatch(channel, store, stop, handOver, tracks, fence, machineTime, business, logger),
        StringComparer.Ordinal
    );

    public string Name => "dispatch";

    public async Task<bool> RunTurnAsync(CancellationToken cancellationToken)
    {
        var hasWorked = false;
        foreach (var channel in _channels.Values)
        {
            hasWorked |= await channel.DispatchAsync(cancellationToken) == DispatchOutcome.Worked;
        }

        return hasWorked;
    }

    /// <summary>Whether a channel could not be reached a moment ago, so that nothing is tried yet.</summary>
    public bool IsUnreachable(string channel) => _channels[channel].IsUnreachable;

    /// <summary>Claims once what is due on a channel, hands it over, and tells how that went. A channel that this host does not have can't be reached.</summary>
    public Task<DispatchOutcome> DispatchAsync(string channel, CancellationToken cancellationToken) =>
        _channels.TryGetValue(channel, out var found)
            ? found.DispatchAsync(cancellationToken)
            : Task.FromResult(DispatchOutcome.Unreachable);
}

/// <summary>How a turn of dispatch went.</summary>
internal enum DispatchOutcome
{
    /// <summary>Touches were claimed; there may be more.</summary>
    Worked,

    /// <summary>Nothing was due.</summary>
    NothingDue,

    /// <summary>The channel is stopped; nothing was claimed.</summary>
    Stopped,

    /// <summary>The channel can't be reached; nothing more is tried for a while.</summary>
    Unreachable,
}
