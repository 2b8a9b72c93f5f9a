using System.Collections.Concurrent;
using System.Text;
using NurtureEngine.Core.Tracks;
using NurtureEngine.Core.Tracks.Activities;
using NurtureEngine.Core.Tracks.Definitions;
using NurtureEngine.Host.Contents;
using NurtureEngine.Host.Rulebooks;
using NurtureEngine.Postgres.Tracks;

namespace NurtureEngine.Host.Tracks;

/// <summary>The published tracks of the database, compiled once per version, and the settings and contents they rest on.</summary>
internal sealed partial class TrackCatalog(
    TrackStore store,
    ContentCatalog contents,
    CurrentRulebook rulebook,
    TimeProvider machineTime,
    ILogger<TrackCatalog> logger
) : IDisposable
{
    private static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<int, PublishedTrack?> _versions = new();
    private readonly SemaphoreSlim _refreshing = new(1);
    private int _newest;
    private long? _refreshedAt;

    /// <summary>The tracks that take new leads.</summary>
    public IReadOnlyList<PublishedTrack> Current { get; private set; } = [];

    public IReadOnlyDictionary<string, int> ContentVersions => contents.Current;

    /// <summary>The track of a version; null where this program can't run it.</summary>
    public Track? Find(TrackVersionId version) => _versions.GetValueOrDefault(version.Value)?.Track;

    /// <summary>Reads what was published since, unless that was done within the last second.</summary>
    public async Task RefreshAsync(bool always, CancellationToken cancellationToken)
    {
        if (!always && _refreshedAt is { } at && machineTime.GetElapsedTime(at) < FreshFor)
        {
            return;
        }

        await _refreshing.WaitAsync(cancellationToken);
        try
        {
            await rulebook.RefreshAsync(cancellationToken);
            await contents.RefreshAsync(cancellationToken);
            await RefreshTracksAsync(cancellationToken);
            _refreshedAt = machineTime.GetTimestamp();
        }
        finally
        {
            _refreshing.Release();
        }
    }

    public void Dispose() => _refreshing.Dispose();

    private async Task RefreshTracksAsync(CancellationToken cancellationToken)
    {
        foreach (var row in await store.FindVersionsAsync(_newest, cancellationToken))
        {
            var context = new CompileContext(rulebook.Value, contents.Channels, LifeCycle: null);
            var track = TrackCompiler.TryCompile(Encoding.UTF8.GetBytes(row.Definition), context, out var faults);
            _versions[row.Id] = track is null
                ? null
                : new PublishedTrack(row.TrackId, new TrackVersionId(row.Id), track);
            _newest = Math.Max(_newest, row.Id);
            foreach (var fault in faults)
            {
                LogFault(row.DefinitionId, row.Number, fault.Place, fault.Message);
            }
        }

        var current = await store.FindCurrentAsync(cancellationToken);
        Current =
        [
            .. _versions
                .Where(pair => current.Contains(pair.Key))
                .Select(pair => pair.Value)
                .OfType<PublishedTrack>()
                .OrderBy(track => track.TrackId),
        ];
    }

    [LoggerMessage(
        EventId = 2101,
        Level = LogLevel.Error,
        Message = "Version {Number} of track {Definition} can't be run by this program: {Place}: {Fault}"
    )]
    private partial void LogFault(string definition, int number, string place, string fault);
}
