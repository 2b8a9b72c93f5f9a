using System.CommandLine;

namespace NurtureEngine.Host.Verbs;

/// <summary><c>validate</c>: checks definitions and contents without a database and names every fault.</summary>
internal static class ValidateVerb
{
    public static Command Make(IConfiguration configuration)
    {
        var paths = new Argument<string[]>("paths")
        {
            Description = "Track definitions (*.json), folders of them, or folders of templates.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var stored = new Option<bool>("--stored")
        {
            Description =
                "Check what the database holds instead: contents and tracks that are current, planned or running.",
        };
        var command = new Command(
            "validate",
            "Check track definitions and templates, and name every fault. Contents are looked for in the given folders and in Nurture__TemplatesFolder."
        )
        {
            paths,
            stored,
        };
        command.SetAction(
            async (result, cancellationToken) =>
            {
                var given = result.GetValue(paths) ?? [];
                if (given.Length == 0 != result.GetValue(stored))
                {
                    throw new UsageException("Paths or --stored are expected, one of them.");
                }

                if (result.GetValue(stored))
                {
                    return await CheckStoredAsync(VerbSettings.Read(configuration), cancellationToken);
                }

                if (Array.Find(given, path => !File.Exists(path) && !Directory.Exists(path)) is { } lost)
                {
                    throw new UsageException($"There is no file or folder {lost}.");
                }

                return await CheckAsync(VerbSettings.Read(configuration), given, cancellationToken);
            }
        );
        return command;
    }

    private static async Task<int> CheckAsync(
        VerbSettings settings,
        string[] paths,
        CancellationToken cancellationToken
    )
    {
        var faults = new List<string>();
        // A folder with a content.yaml in a folder of it is one of templates; definitions are files beside each other.
        var templates = paths.Where(path => Directory.Exists(path) && IsOfTemplates(path)).ToList();
        var workbench = await Workbench.OpenAsync(
            [.. templates, settings.Options.TemplatesFolder],
            faults,
            cancellationToken
        );
        var definitions = paths
            .Except(templates)
            .SelectMany(path => Directory.Exists(path) ? Directory.EnumerateFiles(path, "*.json") : [path])
            .DistinctBy(Path.GetFullPath)
            .Order(StringComparer.Ordinal)
            .ToList();
        await DefinitionFiles.CompileAsync(workbench, definitions, faults, cancellationToken);
        return await TellAsync(
            faults,
            $"{definitions.Count} definition(s) and {workbench.Contents.Count} content(s) are sound."
        );
    }

    private static async Task<int> CheckStoredAsync(VerbSettings settings, CancellationToken cancellationToken)
    {
        await using var database = await settings.OpenDatabaseAsync(cancellationToken);
        return await TellAsync(
            await new StoredContents(database).FindFaultsAsync(cancellationToken),
            "What is stored is sound."
        );
    }

    private static async Task<int> TellAsync(IReadOnlyList<string> faults, string sound)
    {
        foreach (var fault in faults)
        {
            await Console.Error.WriteLineAsync(fault);
        }

        await Console.Out.WriteLineAsync(faults.Count == 0 ? sound : $"{faults.Count} fault(s).");
        return faults.Count == 0 ? 0 : 1;
    }

    private static bool IsOfTemplates(string folder) =>
        Directory.EnumerateDirectories(folder).Any(content => File.Exists(Path.Combine(content, "content.yaml")));
}
