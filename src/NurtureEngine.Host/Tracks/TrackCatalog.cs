using System.Collections.Concurrent;
using System.Text;
using NurtureEngine.Core.Tracks;
using NurtureEngine.Core.Tracks.Activities;
using NurtureEngine.Core.Tracks.Definitions;
using NurtureEngine.Host.Contents;
using NurtureEngine.Host.Rulebooks;
using NurtureEngine.Postgres.Migrations;
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
    private long? _refreshedAt;
    private int _newestProgram;

    /// <summary>The tracks that this program can run.</summary>
    public TrackSet Tracks { get; private set; } = new([], []);

    /// <summary>The versions that this program can run.</summary>
    public int[] Runnable { get; private set; } = [];

    /// <summary>
    /// Whether a newer program has published something that this one can't run. Events are then left to newer hosts: here they
    /// would be applied without the triggers and exits that they mean.
    /// </summary>
    public bool IsBehind => _newestProgram > MigrationRunner.Program;

    public ContentCatalog Contents => contents;

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
        foreach (var row in await store.FindVersionsAsync([.. _versions.Keys], cancellationToken))
        {
            var context = new CompileContext(rulebook.Value, contents.Channels, LifeCycle: null);
            var track = TrackCompiler.TryCompile(Encoding.UTF8.GetBytes(row.Definition), context, out var faults);
            _versions[row.Id] = track is null
                ? null
                : new PublishedTrack(row.TrackId, new TrackVersionId(row.Id), track);
            _newestProgram = track is null ? Math.Max(_newestProgram, row.Program) : _newestProgram;
            foreach (var fault in faults)
            {
                LogFault(row.DefinitionId, row.Number, fault.Place, fault.Message);
            }
        }

        var current = await store.FindCurrentAsync(cancellationToken);
        var all = _versions.Values.OfType<PublishedTrack>().OrderBy(track => track.Version.Value).ToList();
        Tracks = new TrackSet(all.FindAll(track => current.Contains(track.Version.Value)), all);
        Runnable = [.. all.Select(track => track.Version.Value)];
    }

    [LoggerMessage(
        EventId = 2101,
        Level = LogLevel.Error,
        Message = "Version {Number} of track {Definition} can't be run by this program: {Place}: {Fault}"
    )]
    private partial void LogFault(string definition, int number, string place, string fault);
}
