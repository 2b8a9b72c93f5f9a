using System.Collections.Concurrent;

namespace NurtureEngine.Studio.Instances;

/// <summary>Which enrollments are looked at through this host, by connection.</summary>
internal sealed class WatchedInstances
{
    // A page watches one; each further one would be queried every second.
    private const int MostPerConnection = 20;

    private readonly ConcurrentDictionary<string, ConcurrentDictionary<(long LeadId, long Id), bool>> _byConnection =
        new(StringComparer.Ordinal);

    /// <summary>All of them, each once.</summary>
    public IReadOnlyCollection<(long LeadId, long Id)> All =>
        _byConnection.Values.SelectMany(watched => watched.Keys).ToHashSet();

    /// <summary>Adds one; false if the connection looks at too many.</summary>
    public bool Add(string connection, (long LeadId, long Id) enrollment)
    {
        var watched = _byConnection.GetOrAdd(connection, _ => new());
        watched.TryAdd(enrollment, true);
        return watched.Count <= MostPerConnection;
    }

    public void Remove(string connection) => _byConnection.TryRemove(connection, out _);
}
