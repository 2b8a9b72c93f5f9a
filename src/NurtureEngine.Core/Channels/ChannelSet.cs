using System.Collections.Immutable;

namespace NurtureEngine.Core.Channels;

/// <summary>The channels that this host sends by.</summary>
public sealed class ChannelSet(IEnumerable<IChannel> channels)
{
    /// <summary>All of them.</summary>
    public ImmutableArray<IChannel> All { get; } = [.. channels];

    /// <summary>Their names.</summary>
    public string[] Names => [.. All.Select(channel => channel.Name)];

    /// <summary>The channel of that name; null where this host has none.</summary>
    public IChannel? Find(string name) => All.FirstOrDefault(channel => channel.Name == name);
}
