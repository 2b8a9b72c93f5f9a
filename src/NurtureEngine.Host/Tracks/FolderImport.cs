using System.Text;
using Microsoft.Extensions.Options;
using NurtureEngine.Core.Contents;
using NurtureEngine.Core.Diagnostics;
using NurtureEngine.Core.Tracks;
using NurtureEngine.Core.Tracks.Activities;
using NurtureEngine.Core.Tracks.Definitions;
using NurtureEngine.Host.Configuration;
using NurtureEngine.Host.Contents;
using NurtureEngine.Host.Rulebooks;
using NurtureEngine.Postgres.Contents;
using NurtureEngine.Postgres.Tracks;

namespace NurtureEngine.Host.Tracks;

/// <summary>
/// Brings contents and definitions from their folders into the database at start. A faulty file is named, with everything
/// that is wrong with it, and left out; what was published before stays in force.
/// </summary>
internal sealed partial class FolderImport(
    IOptions<NurtureOptions> options,
    ContentStore contentStore,
    ContentCatalog contents,
    TrackStore tracks,
    TrackFiles files,
    CurrentRulebook rulebook,
    ILogger<FolderImport> logger
)
{
    /// <summary>What is wrong with several files of one track.</summary>
    public static Diagnostic SharedId(string id) =>
        new("#/definitionId", $"'{id}' is the definitionId of all of them; a track has one file.");

    /// <summary>What is said of a file whose track was published otherwise since it was read.</summary>
    private static Diagnostic Conflict(string id) =>
        new(
            "#",
            $"The track '{id}' was published in the designer since this file was read. It is kept as a draft of the file; decide under /console/tracks/{id}/file which of them holds."
        );

    /// <summary>What was faulty, a sentence each; <paramref name="now"/> is business time.</summary>
    public async Task<IReadOnlyList<string>> RunAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var faults = new List<string>();
        var (sources, found) = await TemplatesFolder.ReadAsync(options.Value.TemplatesFolder, cancellationToken);
        Report("contents", found, faults);
        foreach (var source in sources)
        {
            if (await contentStore.ImportAsync(source, now, cancellationToken))
            {
                foreach (var place in Content.TryCompile(source, out _)?.RawFilters ?? [])
                {
                    LogRaw(place);
                }
            }
        }

        await contents.RefreshAsync(cancellationToken);
        if (await contentStore.HasOlderAsync(cancellationToken))
        {
            await contents.EnsureInUseAsync(cancellationToken);
        }

        await ImportTracksAsync(options.Value.WorkflowsFolder, faults, now, cancellationToken);
        return faults;
    }

    /// <summary>
    /// Publishes the definitions of a folder that were never a version of their track; the faulty ones are named in
    /// <paramref name="faults"/>, the published ones are the answer.
    /// </summary>
    public async Task<IReadOnlyList<string>> ImportTracksAsync(
        string folder,
        List<string> faults,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var published = new List<string>();
        if (!Directory.Exists(folder))
        {
            Report(
                "workflows",
                [new Diagnostic(folder, "The folder does not exist; make it, or correct Nurture__WorkflowsFolder.")],
                faults
            );
            return published;
        }

        var read = await LinkedAsync(
            await ReadTracksAsync(folder, faults, cancellationToken),
            faults,
            cancellationToken
        );
        foreach (var tracksOfOneId in read.GroupBy(file => file.Track.DefinitionId))
        {
            var same = tracksOfOneId.ToList();
            if (same.Count > 1)
            {
                var names = string.Join(" and ", same.Select(file => file.Name));
                Report(names, [SharedId(tracksOfOneId.Key)], faults);
            }
            else if (!same[0].Track.IsPublished)
            {
                LogDraft(same[0].Name);
            }
            else
            {
                await PublishAsync(same[0].Name, tracksOfOneId.Key, same[0].Definition, published, faults);
            }
        }

        // The database is the truth: a file that is gone takes no track out of force, and nobody should think so.
        var named = read.Select(file => file.Track.DefinitionId).ToHashSet(StringComparer.Ordinal);
        foreach (
            var definitionId in (await tracks.FindCurrentIdsAsync(cancellationToken)).Where(id => !named.Contains(id))
        )
        {
            LogWithoutFile(definitionId, folder);
        }

        return published;

        async Task PublishAsync(string name, string id, byte[] bytes, List<string> done, List<string> reported)
        {
            switch (await files.PublishAsync(name, id, Encoding.UTF8.GetString(bytes), now, cancellationToken))
            {
                case FileOutcome.Published:
                    LogPublished(id, name);
                    done.Add(id);
                    break;
                case FileOutcome.Conflict:
                    Report(name, [Conflict(id)], reported);
                    break;
            }
        }
    }

    private async Task<List<(string Name, byte[] Definition, Track Track)>> LinkedAsync(
        List<(string Name, byte[] Definition, Track Track)> read,
        List<string> faults,
        CancellationToken cancellationToken
    )
    {
        var context = Context;
        var inForce = (await tracks.FindCurrentAsync(cancellationToken))
            .Select(row => TrackCompiler.TryCompile(Encoding.UTF8.GetBytes(row.Definition), context, out _))
            .OfType<Track>()
            .ToList();
        var sound = read;
        // Who is refused can't be sent to: what then falls out may be what others lead to.
        for (var count = -1; count != sound.Count; )
        {
            count = sound.Count;
            var coming = sound.Where(file => file.Track.IsPublished).Select(file => file.Track).ToList();
            var ids = coming.Select(track => track.DefinitionId).ToHashSet(StringComparer.Ordinal);
            var all = inForce.Where(track => !ids.Contains(track.DefinitionId)).Concat(coming).ToList();
            var drafts = sound.Where(file => !file.Track.IsPublished).Select(file => file.Track);
            var links = TrackLinks.Check(
                [.. all, .. drafts],
                all.Select(track => track.DefinitionId).ToHashSet(StringComparer.Ordinal)
            );
            foreach (var file in sound)
            {
                Report(file.Name, [.. links[file.Track]], faults);
            }

            sound = sound.FindAll(file => !links.Contains(file.Track));
        }

        return sound;
    }

    private async Task<List<(string Name, byte[] Definition, Track Track)>> ReadTracksAsync(
        string folder,
        List<string> faults,
        CancellationToken cancellationToken
    )
    {
        var sound = new List<(string, byte[], Track)>();
        var context = Context;
        foreach (var file in Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(file);
            try
            {
                var definition = JsonShape
                    .WithoutMarks(await File.ReadAllBytesAsync(file, cancellationToken))
                    .ToArray();
                if (TrackCompiler.TryCompile(definition, context, out var found) is { } track)
                {
                    sound.Add((name, definition, track));
                }

                Report(name, found, faults);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                Report(name, [new Diagnostic("#", $"The file can't be read: {exception.Message}")], faults);
            }
        }

        return sound;
    }

    private CompileContext Context =>
        contents.ContextUnder(rulebook.Value) with
        {
            Targets = options.Value.Webhooks.Targets.Keys,
        };

    private void Report(string place, IReadOnlyList<Diagnostic> found, List<string> faults)
    {
        foreach (var fault in found)
        {
            LogFault(place, fault.Place, fault.Message);
            faults.Add($"{place}: {fault}");
        }
    }

    [LoggerMessage(
        EventId = 2102,
        Level = LogLevel.Information,
        Message = "Track {Definition} was published from {File}"
    )]
    private partial void LogPublished(string definition, string file);

    [LoggerMessage(
        EventId = 2106,
        Level = LogLevel.Warning,
        Message = "{Place} prints a value unescaped (html.raw): look whether a lead can fill it"
    )]
    private partial void LogRaw(string place);

    [LoggerMessage(
        EventId = 2104,
        Level = LogLevel.Information,
        Message = "{File} is a draft ('isPublished' is false) and was not published"
    )]
    private partial void LogDraft(string file);

    [LoggerMessage(
        EventId = 2105,
        Level = LogLevel.Warning,
        Message = "Track {Definition} is in force, and no sound file of {Folder} holds it"
    )]
    private partial void LogWithoutFile(string definition, string folder);

    [LoggerMessage(EventId = 2103, Level = LogLevel.Error, Message = "{File} was not taken over: {Place}: {Fault}")]
    private partial void LogFault(string file, string place, string fault);
}
