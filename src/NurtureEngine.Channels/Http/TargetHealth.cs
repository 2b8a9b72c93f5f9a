using System.Collections.Concurrent;

namespace NurtureEngine.Channels.Http;

/// <summary>Which targets are not called for a while, since calls of them have failed.</summary>
public sealed class TargetHealth
{
    private readonly ConcurrentDictionary<string, byte> _broken = new(StringComparer.Ordinal);

    /// <summary>The configured names of those targets.</summary>
    public IReadOnlyCollection<string> Broken => [.. _broken.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Notes that a target is not called for a while.</summary>
    public void Break(string target) => _broken[target] = 0;

    /// <summary>Notes that a target takes calls again.</summary>
    public void Mend(string target) => _broken.TryRemove(target, out _);
}
