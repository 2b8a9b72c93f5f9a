namespace NurtureEngine.Core.Reports;

/// <summary>The emergency stop, for people.</summary>
public interface ISendingDesk
{
    /// <summary>The channels, whether they are stopped, and how many touches are due within a day.</summary>
    Task<IReadOnlyList<SendingChannel>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Stops all sending on a channel; nothing where it is stopped already.</summary>
    Task StopAsync(string channel, string reason, string actor);

    /// <summary>Lets a channel go on, without a burst; nothing where it is not stopped.</summary>
    Task ReleaseAsync(string channel, string actor);
}

/// <summary>A channel.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Waiting">Touches that are due within a day, up to 10,000.</param>
/// <param name="Stop">Why nothing leaves; null where it does.</param>
public sealed record SendingChannel(string Name, long Waiting, ChannelStop? Stop);

/// <summary>Who stopped a channel, why and when (business time).</summary>
public sealed record ChannelStop(string By, string Reason, DateTimeOffset At);
