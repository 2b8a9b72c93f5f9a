using System.Collections.Concurrent;
using System.Collections.Frozen;
using NurtureEngine.Core.Contents;
using NurtureEngine.Postgres.Contents;

namespace NurtureEngine.Host.Contents;

/// <summary>The contents of the database that are in force or asked for, parsed once per version. A version never changes, so nothing here grows stale.</summary>
internal sealed partial class ContentCatalog(ContentStore store, ILogger<ContentCatalog> logger)
{
    private readonly ConcurrentDictionary<int, Content?> _versions = new();

    /// <summary>The current version of each key.</summary>
    public IReadOnlyDictionary<string, int> Current { get; private set; } = FrozenDictionary<string, int>.Empty;

    /// <summary>What a definition is checked against: key → channel.</summary>
    public FrozenDictionary<string, string> Channels =>
        Current
            .Where(pair => Find(pair.Value) is not null)
            .ToFrozenDictionary(pair => pair.Key, pair => Find(pair.Value)!.Source.Channel, StringComparer.Ordinal);

    /// <summary>The pools of the contents in force.</summary>
    public Pools Pools { get; private set; } = Pools.None;

    /// <summary>The content of a version; null where it is unknown here or can't be parsed by this program.</summary>
    public Content? Find(int version) => _versions.GetValueOrDefault(version);

    /// <summary>Reads what is in force now.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        var current = await store.FindCurrentAsync(cancellationToken);
        await EnsureAsync(current.Values, cancellationToken);
        Current = current;
        Pools = Pools.Of(current.Values.Select(Find).OfType<Content>().Select(content => content.Source));
    }

    /// <summary>Reads those of these versions that were not read yet; an older one may be pinned by a touch.</summary>
    public async Task EnsureAsync(IEnumerable<int> versions, CancellationToken cancellationToken)
    {
        var missing = versions.Where(version => !_versions.ContainsKey(version)).Distinct().ToArray();
        if (missing.Length == 0)
        {
            return;
        }

        foreach (var (id, source) in await store.FindSourcesAsync(missing, cancellationToken))
        {
            _versions[id.Value] = Content.TryCompile(source, out var faults);
            foreach (var fault in faults)
            {
                LogFault(fault.Place, fault.Message);
            }
        }
    }

    [LoggerMessage(
        EventId = 3101,
        Level = LogLevel.Error,
        Message = "A stored content can't be used by this program: {Place}: {Fault}"
    )]
    private partial void LogFault(string place, string fault);
}
