using System.Collections.Concurrent;

namespace NurtureEngine.Channels.Http;

/// <summary>Which targets are not called for a while, since calls of them have failed.</summary>
public sealed class TargetHealth(TimeProvider machineTime)
{
    private readonly ConcurrentDictionary<string, DateTimeOffset> _brokenUntil = new(StringComparer.Ordinal);

    /// <summary>The configured names of the targets that are not called now.</summary>
    public IReadOnlyCollection<string> Broken =>
        [
            .. _brokenUntil
                .Where(target => target.Value > machineTime.GetUtcNow())
                .Select(target => target.Key)
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>Notes that a target is not called for so long.</summary>
    public void Break(string target, TimeSpan pause) => _brokenUntil[target] = machineTime.GetUtcNow() + pause;

    /// <summary>Notes that a target takes calls again.</summary>
    public void Repair(string target) => _brokenUntil.TryRemove(target, out _);
}
