using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using NurtureEngine.Core.Contents;
using NurtureEngine.Core.Diagnostics;
using NurtureEngine.Core.Rulebooks;
using NurtureEngine.Core.Tracks.Activities;
using NurtureEngine.Postgres.Contents;

namespace NurtureEngine.Host.Contents;

/// <summary>The contents of the database that are in force or asked for, parsed once per version. A version never changes, so nothing here grows stale.</summary>
internal sealed partial class ContentCatalog(ContentStore store, ILogger<ContentCatalog> logger)
{
    private readonly ConcurrentDictionary<int, (Content? Content, ImmutableArray<Diagnostic> Faults)> _versions = new();

    /// <summary>The current version of each key.</summary>
    public IReadOnlyDictionary<string, int> Current { get; private set; } = FrozenDictionary<string, int>.Empty;

    /// <summary>What a definition is checked against: key → channel.</summary>
    public FrozenDictionary<string, string> Channels =>
        Current
            .Where(pair => Find(pair.Value) is not null)
            .ToFrozenDictionary(pair => pair.Key, pair => Find(pair.Value)!.Source.Channel, StringComparer.Ordinal);

    /// <summary>The pools of the contents in force.</summary>
    public Pools Pools { get; private set; } = Pools.None;

    /// <summary>What definitions are checked against: a rulebook, and the contents in force.</summary>
    public CompileContext ContextUnder(Rulebook rulebook) =>
        new(rulebook, Channels, LifeCycle: null) { Pools = [.. Pools.Names] };

    /// <summary>The content of a version; null where it is unknown here or can't be parsed by this program.</summary>
    public Content? Find(int version) => _versions.GetValueOrDefault(version).Content;

    /// <summary>The versions that were read and can't be used, each with why.</summary>
    public IEnumerable<(int Version, ImmutableArray<Diagnostic> Faults)> Unusable =>
        _versions.Where(pair => pair.Value.Content is null).Select(pair => (pair.Key, pair.Value.Faults));

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

        foreach (var stored in await store.FindSourcesAsync(missing, cancellationToken))
        {
            var version = Compile(stored);
            _versions[stored.Id] = version;
            foreach (var fault in version.Faults)
            {
                LogFault(fault.Place, fault.Message);
            }
        }
    }

    /// <summary>Reads whatever is current or planned, so that all that can't be used is known.</summary>
    public async Task EnsureInUseAsync(CancellationToken cancellationToken) =>
        await EnsureAsync(await store.FindInUseAsync(cancellationToken), cancellationToken);

    // What would render differently from how it was written is as unusable as what does not compile.
    private static (Content? Content, ImmutableArray<Diagnostic> Faults) Compile(StoredContent stored)
    {
        var content = Content.TryCompile(stored.Source, out var faults);
        ImmutableArray<Diagnostic> changed = stored.IsOfEarlierLanguage ? [.. content?.ChangedSince ?? []] : [];
        return changed.IsEmpty ? (content, faults) : (null, changed);
    }

    [LoggerMessage(
        EventId = 3101,
        Level = LogLevel.Error,
        Message = "A stored content can't be used by this program, and its touches wait: {Place}: {Fault}"
    )]
    private partial void LogFault(string place, string fault);
}
