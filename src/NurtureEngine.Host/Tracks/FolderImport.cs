using System.Text;
using Microsoft.Extensions.Options;
using NurtureEngine.Core.Diagnostics;
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
    CurrentRulebook rulebook,
    ILogger<FolderImport> logger
)
{
    /// <summary>How many faults there were; <paramref name="now"/> is business time.</summary>
    public async Task<int> RunAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (sources, faults) = await TemplatesFolder.ReadAsync(options.Value.TemplatesFolder, cancellationToken);
        Report(options.Value.TemplatesFolder, faults);
        foreach (var source in sources)
        {
            await contentStore.ImportAsync(source, now, cancellationToken);
        }

        await contents.RefreshAsync(cancellationToken);
        return faults.Length + await ImportTracksAsync(now, cancellationToken);
    }

    private async Task<int> ImportTracksAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var folder = options.Value.WorkflowsFolder;
        if (!Directory.Exists(folder))
        {
            Report(
                folder,
                [
                    new Diagnostic(
                        folder,
                        "The workflows folder does not exist; make it, or correct Nurture__WorkflowsFolder."
                    ),
                ]
            );
            return 1;
        }

        var count = 0;
        var context = new CompileContext(rulebook.Value, contents.Channels, LifeCycle: null);
        foreach (var file in Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(file);
            var definition = await File.ReadAllBytesAsync(file, cancellationToken);
            var track = TrackCompiler.TryCompile(definition, context, out var faults);
            Report(name, faults);
            count += faults.Length;
            if (
                track is not null
                && await tracks.PublishAsync(
                    track.DefinitionId,
                    Encoding.UTF8.GetString(definition),
                    now,
                    cancellationToken
                )
            )
            {
                LogPublished(track.DefinitionId, name);
            }
        }

        return count;
    }

    private void Report(string place, IReadOnlyList<Diagnostic> faults)
    {
        foreach (var fault in faults)
        {
            LogFault(place, fault.Place, fault.Message);
        }
    }

    [LoggerMessage(
        EventId = 2102,
        Level = LogLevel.Information,
        Message = "Track {Definition} was published from {File}"
    )]
    private partial void LogPublished(string definition, string file);

    [LoggerMessage(EventId = 2103, Level = LogLevel.Error, Message = "{File} was not taken over: {Place}: {Fault}")]
    private partial void LogFault(string file, string place, string fault);
}
