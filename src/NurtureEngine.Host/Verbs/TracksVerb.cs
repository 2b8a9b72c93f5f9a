using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NurtureEngine.Core.Tracks.Definitions;
using NurtureEngine.Host.Contents;
using NurtureEngine.Host.Rulebooks;
using NurtureEngine.Host.Tracks;
using NurtureEngine.Postgres.Contents;
using NurtureEngine.Postgres.Settings;
using NurtureEngine.Postgres.Tracks;

namespace NurtureEngine.Host.Verbs;

/// <summary><c>tracks export|import|check</c>: definitions between the database and files that a version control can compare.</summary>
internal static class TracksVerb
{
    public static Command Make(IConfiguration configuration) =>
        new("tracks", "Write the published tracks to files, publish files, or check them.")
        {
            MakeExport(configuration),
            MakeImport(configuration),
            TracksCheckVerb.Make(configuration),
        };

    private static Command MakeExport(IConfiguration configuration)
    {
        var folder = new Argument<DirectoryInfo>("folder")
        {
            Description = "Where the files go; made where it is not there.",
        };
        var command = new Command(
            "export",
            "Write each published track to <definitionId>.json, its members always in the same order."
        )
        {
            folder,
        };
        command.SetAction(
            async (result, cancellationToken) =>
            {
                var settings = VerbSettings.Read(configuration);
                await using var database = await settings.OpenDatabaseAsync(cancellationToken);
                var target = result.GetRequiredValue(folder).FullName;
                Directory.CreateDirectory(target);
                var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
                foreach (
                    var (id, definition) in await new TrackStore(database.Source).FindCurrentAsync(cancellationToken)
                )
                {
                    var bytes = Encoding.UTF8.GetBytes(definition);
                    var file = Path.Combine(target, $"{FileNameOf(id, taken)}.json");
                    await WriteWholeAsync(file, CanonicalDefinition.TryWrite(bytes) ?? bytes, cancellationToken);
                    await Console.Out.WriteLineAsync(file);
                }

                return 0;
            }
        );
        return command;
    }

    private static Command MakeImport(IConfiguration configuration)
    {
        var folder = new Argument<DirectoryInfo>("folder") { Description = "A folder of definitions (*.json)." };
        var command = new Command(
            "import",
            "Publish the definitions of a folder that were never a version of their track, and name every fault."
        )
        {
            folder,
        };
        command.SetAction(
            async (result, cancellationToken) =>
            {
                var source = result.GetRequiredValue(folder);
                if (!source.Exists)
                {
                    throw new UsageException($"There is no folder {source}.");
                }

                var settings = VerbSettings.Read(configuration);
                await using var database = await settings.OpenDatabaseAsync(cancellationToken);
                var contents = new ContentCatalog(
                    new ContentStore(database.Source),
                    NullLogger<ContentCatalog>.Instance
                );
                var rulebook = new CurrentRulebook(new RulebookStore(database.Source));
                await rulebook.RefreshAsync(cancellationToken);
                await contents.RefreshAsync(cancellationToken);
                var import = new FolderImport(
                    Options.Create(settings.Options),
                    new ContentStore(database.Source),
                    contents,
                    new TrackStore(database.Source),
                    new TrackFiles(database.Source),
                    rulebook,
                    NullLogger<FolderImport>.Instance
                );
                var faults = new List<string>();
                var published = await import.ImportTracksAsync(
                    source.FullName,
                    faults,
                    TimeProvider.System.GetUtcNow(),
                    cancellationToken
                );
                foreach (var fault in faults)
                {
                    await Console.Error.WriteLineAsync(fault);
                }

                await Console.Out.WriteLineAsync(
                    published.Count == 0 ? "Nothing was published." : $"Published: {string.Join(", ", published)}."
                );
                return faults.Count == 0 ? 0 : 1;
            }
        );
        return command;
    }

    // Whoever names a track does not choose where files go; two tracks never share one, on no disk.
    private static string FileNameOf(string definitionId, HashSet<string> taken)
    {
        const int longest = 80;
        var plain = string.Concat(definitionId.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? c : '_'));
        if (plain == definitionId && plain.Length <= longest && taken.Add(plain))
        {
            return plain;
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(definitionId)).AsSpan(0, 6));
        var name = $"{plain[..Math.Min(plain.Length, longest)]}-{hash}";
        taken.Add(name);
        return name;
    }

    // A file that is half written would be published as it stands.
    public static async Task WriteWholeAsync(string file, byte[] bytes, CancellationToken cancellationToken)
    {
        var partial = $"{file}.part";
        await File.WriteAllBytesAsync(partial, bytes, cancellationToken);
        File.Move(partial, file, overwrite: true);
    }
}
