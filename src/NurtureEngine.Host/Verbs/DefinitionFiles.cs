using NurtureEngine.Core.Tracks;
using NurtureEngine.Core.Tracks.Definitions;
using NurtureEngine.Host.Tracks;

namespace NurtureEngine.Host.Verbs;

/// <summary>Definitions in files, checked without a database: each by itself, and together.</summary>
internal static class DefinitionFiles
{
    /// <summary>The sound ones; what is wrong is added to the faults, each with its file.</summary>
    public static async Task<IReadOnlyList<(string File, Track Track)>> CompileAsync(
        Workbench workbench,
        IReadOnlyList<string> files,
        List<string> faults,
        CancellationToken cancellationToken
    )
    {
        var tracks = new List<(string File, Track Track)>();
        foreach (var file in files)
        {
            if (await workbench.CompileAsync(file, faults, cancellationToken) is { } track)
            {
                tracks.Add((file, track));
            }
        }

        foreach (var same in tracks.GroupBy(each => each.Track.DefinitionId).Where(same => same.Count() > 1))
        {
            faults.Add($"{string.Join(" and ", same.Select(each => each.File))}: {FolderImport.SharedId(same.Key)}");
        }

        var known = await KnownAsync(files, cancellationToken);
        var links = TrackLinks.Check(tracks.ConvertAll(each => each.Track), known);
        faults.AddRange(tracks.SelectMany(each => links[each.Track].Select(fault => $"{each.File}: {fault}")));
        return tracks;
    }

    // A track that is checked alone may send leads to those that lie beside it.
    private static async Task<HashSet<string>> KnownAsync(
        IEnumerable<string> definitions,
        CancellationToken cancellationToken
    )
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        var folders = definitions.Select(file => Path.GetDirectoryName(Path.GetFullPath(file))!).Distinct();
        foreach (var file in folders.SelectMany(folder => Directory.EnumerateFiles(folder, "*.json")))
        {
            if (TrackCompiler.IdOf(await File.ReadAllBytesAsync(file, cancellationToken)) is { } id)
            {
                known.Add(id);
            }
        }

        return known;
    }
}
