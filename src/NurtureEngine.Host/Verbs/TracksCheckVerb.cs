using System.CommandLine;
using NurtureEngine.Core.Tracks;
using NurtureEngine.Core.Tracks.Definitions;
using NurtureEngine.Core.Tracks.Reviews;

namespace NurtureEngine.Host.Verbs;

/// <summary><c>tracks check</c>: what the designer says beside the canvas, for a folder under version control.</summary>
internal static class TracksCheckVerb
{
    public static Command Make(IConfiguration configuration)
    {
        var folder = new Argument<DirectoryInfo>("folder") { Description = "A folder of definitions (*.json)." };
        var strict = new Option<bool>("--strict") { Description = "Warnings are faults, too." };
        var write = new Option<bool>("--write")
        {
            Description = "Write files that are ordered otherwise than the designer saves them in its order.",
        };
        var command = new Command(
            "check",
            "Check a folder of tracks without a database: faults, warnings, and the order in which files are written. Contents are looked for in Nurture__TemplatesFolder."
        )
        {
            folder,
            strict,
            write,
        };
        command.SetAction(
            (result, cancellationToken) =>
                RunAsync(
                    VerbSettings.Read(configuration),
                    result.GetRequiredValue(folder),
                    result.GetValue(strict),
                    result.GetValue(write),
                    cancellationToken
                )
        );
        return command;
    }

    private static async Task<int> RunAsync(
        VerbSettings settings,
        DirectoryInfo folder,
        bool isStrict,
        bool writes,
        CancellationToken cancellationToken
    )
    {
        if (!folder.Exists)
        {
            throw new UsageException($"There is no folder {folder}.");
        }

        var faults = new List<string>();
        var workbench = await Workbench.OpenAsync([settings.Options.TemplatesFolder], faults, cancellationToken);
        List<string> files = [.. Directory.EnumerateFiles(folder.FullName, "*.json").Order(StringComparer.Ordinal)];
        var tracks = await DefinitionFiles.CompileAsync(workbench, files, faults, cancellationToken);
        List<string> warnings = [.. tracks.SelectMany(track => WarningsOf(track.File, track.Track, tracks, workbench))];
        foreach (var file in files)
        {
            await CheckOrderAsync(file, writes, warnings, cancellationToken);
        }

        foreach (var fault in faults)
        {
            await Console.Error.WriteLineAsync(fault);
        }

        foreach (var warning in warnings)
        {
            await Console.Out.WriteLineAsync($"warning: {warning}");
        }

        await Console.Out.WriteLineAsync(
            $"{files.Count} definition(s), {faults.Count} fault(s), {warnings.Count} warning(s)."
        );
        return faults.Count > 0 || (isStrict && warnings.Count > 0) ? 1 : 0;
    }

    private static IEnumerable<string> WarningsOf(
        string file,
        Track track,
        IEnumerable<(string File, Track Track)> all,
        Workbench workbench
    ) =>
        TrackReview
            .Of(
                track,
                new ReviewScene
                {
                    Contents = workbench.Sources,
                    Pools = workbench.Pools,
                    DefaultLanguage = workbench.Rulebook.DefaultLanguage,
                    Others = [.. all.Select(other => other.Track)],
                }
            )
            .Select(finding =>
                $"{file}: {(finding.Step is { } step ? $"step '{track.Steps[step].Name}': " : "")}{finding.Sentence.English}"
            );

    private static async Task CheckOrderAsync(
        string file,
        bool writes,
        List<string> warnings,
        CancellationToken cancellationToken
    )
    {
        var bytes = await File.ReadAllBytesAsync(file, cancellationToken);
        if (CanonicalDefinition.TryWrite(bytes) is not { } canonical || canonical.AsSpan().SequenceEqual(bytes))
        {
            return;
        }

        if (writes)
        {
            await TracksVerb.WriteWholeAsync(file, canonical, cancellationToken);
        }
        else
        {
            warnings.Add($"{file}: It is ordered otherwise than the designer saves it; --write corrects that.");
        }
    }
}
