using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using NurtureEngine.Core.Diagnostics;
using NurtureEngine.Core.Rulebooks;
using NurtureEngine.Host.Configuration;
using NurtureEngine.Postgres.Settings;

namespace NurtureEngine.Host.Rulebooks;

/// <summary>
/// Brings the calendars of a folder (<c>CN.json</c>) into the rulebook, for countries of which it has none; what it has is changed by
/// people only.
/// </summary>
internal sealed class CalendarsFolder(RulebookStore store, CurrentRulebook rulebook, IOptions<NurtureOptions> options)
{
    /// <summary>The faults of files, which are left out.</summary>
    public async Task<IReadOnlyList<Diagnostic>> ImportAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var folder = options.Value.CalendarsFolder;
        var missing = Directory.Exists(folder)
            ? Directory
                .EnumerateFiles(folder, "*.json")
                .Where(file => !rulebook.Value.Calendars.ContainsKey(Path.GetFileNameWithoutExtension(file)))
                .Order(StringComparer.Ordinal)
                .ToList()
            : [];
        var faults = new List<Diagnostic>();
        foreach (var file in missing)
        {
            faults.AddRange(await AddAsync(file, now, cancellationToken));
            await rulebook.RefreshAsync(cancellationToken);
        }

        return faults;
    }

    private async Task<IEnumerable<Diagnostic>> AddAsync(
        string file,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var (version, json) = (await store.FindCurrentAsync(cancellationToken))!.Value;
        var changed = JsonNode.Parse(json)!.AsObject();
        if (changed["calendars"] is not JsonObject calendars)
        {
            changed["calendars"] = calendars = [];
        }

        try
        {
            calendars[Path.GetFileNameWithoutExtension(file)] = JsonNode.Parse(
                await File.ReadAllBytesAsync(file, cancellationToken)
            );
        }
        catch (JsonException exception)
        {
            return [new Diagnostic(file, $"The file is no JSON: {exception.Message}")];
        }

        var content = changed.ToJsonString();
        if (RulebookReader.TryReadStored(Encoding.UTF8.GetBytes(content), version, out var faults) is null)
        {
            return faults.Select(fault => new Diagnostic($"{file} {fault.Place}", fault.Message));
        }

        // Where another host was faster, it has brought the same file.
        await store.ReplaceAsync(content, version, $"the file {Path.GetFileName(file)}", now, cancellationToken);
        return [];
    }
}
