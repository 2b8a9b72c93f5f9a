using System.Collections.Frozen;
using System.Text;
using NurtureEngine.Core.Tracks;
using NurtureEngine.Core.Tracks.Activities;
using NurtureEngine.Core.Tracks.Definitions;
using NurtureEngine.Host.Contents;
using NurtureEngine.Host.Rulebooks;
using NurtureEngine.Postgres.Migrations;
using NurtureEngine.Postgres.Tracks;

namespace NurtureEngine.Host.Tracks;

/// <summary>The tracks in force, compiled once per version, and the settings and contents they rest on.</summary>
internal sealed partial class TrackCatalog(
    TrackStore store,
    ContentCatalog contents,
    CurrentRulebook rulebook,
    TimeProvider machineTime,
    ILogger<TrackCatalog> logger
) : IDisposable
{
    private static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _refreshing = new(1);
    private readonly HashSet<int> _reported = [];
    private volatile Look _look = new(new TrackSet([], [], []), FrozenDictionary<int, PublishedTrack>.Empty, [], false);
    private long? _refreshedAt;

    /// <summary>The tracks in force.</summary>
    public TrackSet Tracks => _look.Tracks;

    /// <summary>The versions in force that this program can run and whose track is not paused.</summary>
    public int[] Runnable => _look.Runnable;

    /// <summary>
    /// Whether something is in force that a program as new as this one, or newer, has published and this one can't run. Events
    /// are then left to other hosts: here they would be applied without the triggers and exits that they mean. What an older
    /// program published holds nothing up: there is no newer host to leave it to.
    /// </summary>
    public bool IsBehind => _look.IsBehind;

    public ContentCatalog Contents => contents;

    /// <summary>The track of a version; null where it is not in force or this program can't run it.</summary>
    public Track? Find(TrackVersionId version) => _look.ById.GetValueOrDefault(version.Value)?.Track;

    /// <summary>Reads what was published since, unless that was done within the last second.</summary>
    public async Task RefreshAsync(bool always, CancellationToken cancellationToken)
    {
        if (!always && IsFresh())
        {
            return;
        }

        await _refreshing.WaitAsync(cancellationToken);
        try
        {
            if (always || !IsFresh())
            {
                await LookAsync(cancellationToken);
                _refreshedAt = machineTime.GetTimestamp();
            }
        }
        finally
        {
            _refreshing.Release();
        }
    }

    public void Dispose() => _refreshing.Dispose();

    private bool IsFresh() => _refreshedAt is { } at && machineTime.GetElapsedTime(at) < FreshFor;

    // Contents are read after the versions that name them: what a version was checked against before it was published is there.
    // A version that can't be run is compiled again at each look, since contents or settings may have come since.
    private async Task LookAsync(CancellationToken cancellationToken)
    {
        var known = _look.ById;
        var rows = await store.FindInForceAsync([.. known.Keys], cancellationToken);
        await rulebook.RefreshAsync(cancellationToken);
        await contents.RefreshAsync(cancellationToken);
        var context = contents.ContextUnder(rulebook.Value) with { IsPublished = true };
        var usable = new List<PublishedTrack>();
        var unusable = new List<TrackVersionRow>();
        foreach (var row in rows)
        {
            if ((known.GetValueOrDefault(row.Id) ?? Compile(row, context)) is { } track)
            {
                usable.Add(track);
            }
            else
            {
                unusable.Add(row);
            }
        }

        var current = rows.Where(row => row.IsCurrent).Select(row => row.Id).ToHashSet();
        _look = new Look(
            new TrackSet(
                usable.FindAll(track => current.Contains(track.Version.Value)),
                usable,
                unusable.ConvertAll(row =>
                    UnusableTrack.Read(new TrackVersionId(row.Id), Encoding.UTF8.GetBytes(row.Definition!))
                )
            ),
            usable.ToFrozenDictionary(track => track.Version.Value),
            [
                .. usable
                    .Select(track => track.Version.Value)
                    .Except(rows.Where(row => row.IsPaused).Select(row => row.Id)),
            ],
            unusable.Exists(row => row.Program >= MigrationRunner.Program)
        );
    }

    /// <summary>What a stored version is checked against.</summary>
    public static CompileContext ContextOf(TrackVersionRow row, CompileContext context) =>
        context with
        {
            IsOfEarlierLanguage = row.Program < MigrationRunner.FirstWithScriban,
        };

    private PublishedTrack? Compile(TrackVersionRow row, CompileContext context)
    {
        var track = TrackCompiler.TryCompile(
            Encoding.UTF8.GetBytes(row.Definition!),
            ContextOf(row, context),
            out var faults
        );
        if (track is not null)
        {
            _reported.Remove(row.Id);
            return new PublishedTrack(row.TrackId, new TrackVersionId(row.Id), track);
        }

        if (_reported.Add(row.Id))
        {
            foreach (var fault in faults)
            {
                LogFault(row.DefinitionId, row.Number, fault.Place, fault.Message);
            }
        }

        return null;
    }

    private sealed record Look(
        TrackSet Tracks,
        FrozenDictionary<int, PublishedTrack> ById,
        int[] Runnable,
        bool IsBehind
    );

    [LoggerMessage(
        EventId = 2101,
        Level = LogLevel.Error,
        Message = "Version {Number} of track {Definition} can't be run by this program: {Place}: {Fault}"
    )]
    private partial void LogFault(string definition, int number, string place, string fault);
}
