using System.Collections.Frozen;
using NurtureEngine.Core.Contents;
using NurtureEngine.Core.Diagnostics;
using NurtureEngine.Core.Rulebooks;
using NurtureEngine.Core.Tracks;
using NurtureEngine.Core.Tracks.Activities;
using NurtureEngine.Core.Tracks.Definitions;
using NurtureEngine.Host.Contents;
using NurtureEngine.Host.Rulebooks;

namespace NurtureEngine.Host.Verbs;

/// <summary>What definitions are checked against without a database: the shipped rulebook and the contents of folders.</summary>
internal sealed record Workbench(Rulebook Rulebook, FrozenDictionary<string, string> Contents, Pools Pools)
{
    /// <summary>What the contents are, by key.</summary>
    public IReadOnlyDictionary<string, ContentSource> Sources { get; private init; } =
        new Dictionary<string, ContentSource>();

    /// <summary>The folders that were looked in.</summary>
    public string Folders { get; private init; } = "";

    /// <summary>Reads the contents of template folders; their faults are added to the others.</summary>
    public static async Task<Workbench> OpenAsync(
        IReadOnlyCollection<string> templateFolders,
        List<string> faults,
        CancellationToken cancellationToken
    )
    {
        var rulebook = await ShippedRulebook.ReadAsync(cancellationToken);
        var contents = new Dictionary<string, ContentSource>(StringComparer.Ordinal);
        foreach (var folder in templateFolders.Where(Directory.Exists).Select(Path.GetFullPath).Distinct())
        {
            var (sources, found) = await TemplatesFolder.ReadAsync(folder, cancellationToken);
            faults.AddRange(found.Select(fault => Path.Combine(folder, $"{fault}")));
            foreach (var source in sources)
            {
                contents[source.Key] = source;
                faults.AddRange(
                    (source.Metadata?.Stages ?? [])
                        .Where(stage => rulebook.LifeCycles.All(cycle => cycle.FindStage(stage) is null))
                        .Select(stage =>
                            $"{Path.Combine(folder, source.Key)}/content.yaml: the stage '{stage}' is of no life cycle."
                        )
                );
            }
        }

        return new Workbench(
            rulebook,
            contents.ToFrozenDictionary(pair => pair.Key, pair => pair.Value.Channel, StringComparer.Ordinal),
            Pools.Of(contents.Values)
        )
        {
            Sources = contents,
            Folders = string.Join(", ", templateFolders.Select(Path.GetFullPath).Distinct()),
        };
    }

    /// <summary>Compiles a definition; null and its faults, each with the file's name, where it is not sound.</summary>
    public async Task<Track?> CompileAsync(string file, List<string> faults, CancellationToken cancellationToken)
    {
        var context = new CompileContext(Rulebook, Contents, LifeCycle: null)
        {
            Pools = [.. Pools.Names],
            ContentsFrom = Folders,
        };
        var track = TrackCompiler.TryCompile(
            await File.ReadAllBytesAsync(file, cancellationToken),
            context,
            out var found
        );
        faults.AddRange(found.Select(fault => Shown(file, fault)));
        return track;
    }

    private static string Shown(string file, Diagnostic fault) => $"{file}: {fault}";
}
