using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using NurtureEngine.Core.Facts;
using NurtureEngine.Core.Intake;
using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Rulebooks;
using NurtureEngine.Core.Simulation;

namespace NurtureEngine.Host.Verbs;

/// <summary><c>trace</c>: runs one lead through a definition in stepped business time and prints what happens, a line each.</summary>
internal static class TraceVerb
{
    private const string Source = "trace";

    public static Command Make(IConfiguration configuration)
    {
        var file = new Argument<FileInfo>("definition") { Description = "The track's definition." };
        var lead = new Option<FileInfo?>("--lead")
        {
            Description = "The lead as a webhook's data.lead; without it, one who has only an address.",
        };
        var events = new Option<FileInfo?>("--events")
        {
            Description = "A JSON array of webhook bodies. Without it the lead enters at the first trigger.",
        };
        var days = new Option<int>("--days")
        {
            Description = "How many days to look ahead.",
            DefaultValueFactory = _ => 90,
        };
        var start = new Option<DateTimeOffset?>("--start")
        {
            Description = "When it begins, such as 2026-06-01T09:00:00Z; without it at the first event, or now.",
        };
        var command = new Command(
            "trace",
            "Run one lead through a definition and print each step, decision and written line. Touches count as delivered: the gate is not asked."
        )
        {
            file,
            lead,
            events,
            days,
            start,
        };
        command.SetAction(
            async (result, cancellationToken) =>
            {
                var settings = VerbSettings.Read(configuration);
                var faults = new List<string>();
                var path = Existing(result.GetRequiredValue(file));
                var workbench = await Workbench.OpenAsync(
                    [settings.Options.TemplatesFolder],
                    faults,
                    cancellationToken
                );
                faults.Clear();
                var track = await workbench.CompileAsync(path, faults, cancellationToken);
                var read = await EventsAsync(result.GetValue(events), faults, cancellationToken);
                var at =
                    result.GetValue(start)
                    ?? read.Select(e => (DateTimeOffset?)e.Stamp.At).Min()
                    ?? TimeProvider.System.GetUtcNow();
                var known = await LeadAsync(result.GetValue(lead), workbench.Rulebook, at, faults, cancellationToken);
                if (track is null || known is not { } who || faults.Count > 0)
                {
                    throw new InvalidDataException(string.Join(Environment.NewLine, faults));
                }

                foreach (
                    var line in TrackTrace.Run(
                        track,
                        new TraceScene(workbench.Rulebook, workbench.Pools, who.Lead, who.Account)
                        {
                            IsUnknown = result.GetValue(lead) is null,
                        },
                        read,
                        at,
                        TimeSpan.FromDays(result.GetRequiredValue(days))
                    )
                )
                {
                    await Console.Out.WriteLineAsync(
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"{line.At.UtcDateTime:yyyy-MM-dd HH:mm} {line.Kind} {line.Text}"
                        )
                    );
                }

                return 0;
            }
        );
        return command;
    }

    private static string Existing(FileInfo file) =>
        file.Exists ? file.ToString() : throw new UsageException($"There is no file {file}.");

    private static async Task<(Lead Lead, Account? Account)?> LeadAsync(
        FileInfo? file,
        Rulebook rulebook,
        DateTimeOffset at,
        List<string> faults,
        CancellationToken cancellationToken
    )
    {
        var fields = file is null
            ? """{"externalId": "trace", "email": "lead@example.com"}"""
            : await File.ReadAllTextAsync(Existing(file), cancellationToken);
        var body = new JsonObject
        {
            ["type"] = "lead.updated",
            ["timestamp"] = at.ToString("O", CultureInfo.InvariantCulture),
            ["data"] = new JsonObject { ["lead"] = Parsed(fields, $"{file}") },
        };
        if (Read(body, $"{file}", faults) is not { } told)
        {
            return null;
        }

        var known = (FactOutcome.Applied)LeadFacts.Apply(new Lead { Key = told.Lead }, null, told, rulebook, at);
        return (known.Lead, known.Account);
    }

    private static async Task<List<CrmEvent>> EventsAsync(
        FileInfo? file,
        List<string> faults,
        CancellationToken cancellationToken
    )
    {
        if (file is null)
        {
            return [];
        }

        if (Parsed(await File.ReadAllTextAsync(Existing(file), cancellationToken), $"{file}") is not JsonArray list)
        {
            throw new InvalidDataException($"{file}: expected a JSON array of webhook bodies.");
        }

        return [.. list.Select((body, i) => Read(body, $"{file}[{i}]", faults)).OfType<CrmEvent>()];
    }

    private static JsonNode? Parsed(string text, string place)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"{place}: the file is no JSON: line {exception.LineNumber + 1}.");
        }
    }

    private static CrmEvent? Read(JsonNode? body, string place, List<string> faults)
    {
        var read = CrmEventReader.TryRead(Source, JsonSerializer.SerializeToUtf8Bytes(body), out var found);
        faults.AddRange(found.Select(fault => $"{place}: {fault}"));
        if (read is RecordEvent)
        {
            faults.Add($"{place}: The event is about no lead; expected one with data.lead.");
        }

        return read as CrmEvent;
    }
}
