using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using NurtureEngine.Core.Diagnostics;
using NurtureEngine.Core.Reports;

namespace NurtureEngine.Host.Pages;

/// <summary>Brings settings from a form into a definition, and back. All else in the definition stays as it is.</summary>
internal static class TrackChanges
{
    /// <summary>What is said of a change that changes nothing.</summary>
    public const string Unchanged = "These settings are in force already.";

    /// <summary>What is said of a change to a track that is being drawn.</summary>
    public static string HasDraft(string author) => $"The track has a draft of {author}: publish or discard it first.";

    /// <summary>As definitions are written: for people to read.</summary>
    public static JsonSerializerOptions Readable { get; } =
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The settings that a definition has.</summary>
    public static TrackChange Read(string definition, int version)
    {
        var nurture = JsonNode.Parse(definition)?["customProperties"]?["nurture"] as JsonObject ?? [];
        return new TrackChange
        {
            Version = version,
            Priority = Text(nurture, "priority"),
            Aim = Text(nurture, "aim"),
            Owner = Text(nurture, "owner"),
            TimeLimit = Text(nurture, "timeLimit"),
            ExpectedResult = Text(nurture, "expectedResult"),
            Goal = Text(nurture, "goal"),
            ExitWhen = Text(nurture, "exitWhen"),
            ExitOnReply = nurture["exitOnReply"] is JsonValue reply && reply.TryGetValue<bool>(out var isOn) && isOn,
            ExitStages = [.. (nurture["exitStages"] as JsonArray ?? []).Select(stage => $"{stage}")],
            Policy = CadenceChanges.Read(nurture),
            Outcomes = (nurture["outcomes"] as JsonObject ?? []).ToDictionary(
                end => end.Key,
                end => $"{end.Value}",
                StringComparer.Ordinal
            ),
        };
    }

    /// <summary>Writes them into the settings of a definition; the answer is what can't be written.</summary>
    public static IReadOnlyList<Diagnostic> Apply(JsonObject nurture, TrackChange change)
    {
        var faults = new List<Diagnostic>();
        if (change.Priority.Trim() is { Length: > 0 } typed)
        {
            if (int.TryParse(typed, NumberStyles.None, CultureInfo.InvariantCulture, out var priority))
            {
                nurture["priority"] = priority;
            }
            else
            {
                faults.Add(
                    new Diagnostic(
                        "#/customProperties/nurture/priority",
                        "priority",
                        $"'{typed}' is no number; expected 0 to 100."
                    )
                );
            }
        }
        else
        {
            nurture.Remove("priority");
        }

        if (change.Policy is { } policy)
        {
            CadenceChanges.Apply(nurture, policy, faults);
        }

        Put(nurture, "aim", change.Aim);
        Put(nurture, "owner", change.Owner);
        Put(nurture, "timeLimit", change.TimeLimit);
        Put(nurture, "expectedResult", change.ExpectedResult);
        Put(nurture, "goal", change.Goal);
        Put(nurture, "exitWhen", change.ExitWhen);
        // False stays where it is said, so that a form that changes nothing makes no version.
        if (change.ExitOnReply || nurture.ContainsKey("exitOnReply"))
        {
            nurture["exitOnReply"] = change.ExitOnReply;
        }

        Put(
            nurture,
            "exitStages",
            change.ExitStages.Count > 0 ? new JsonArray([.. change.ExitStages.Select(stage => (JsonNode)stage)]) : null
        );
        var outcomes = new JsonObject(
            change
                .Outcomes.Where(end => end.Value.Length > 0)
                .OrderBy(end => end.Key, StringComparer.Ordinal)
                .Select(end => KeyValuePair.Create(end.Key, (JsonNode?)end.Value))
        );
        Put(nurture, "outcomes", outcomes.Count > 0 ? outcomes : null);
        return faults;
    }

    private static string Text(JsonObject nurture, string name) => nurture[name]?.ToString() ?? "";

    private static void Put(JsonObject nurture, string name, string text) =>
        Put(nurture, name, text.Trim() is { Length: > 0 } some ? JsonValue.Create(some) : null);

    private static void Put(JsonObject nurture, string name, JsonNode? value)
    {
        if (value is null)
        {
            nurture.Remove(name);
        }
        else
        {
            nurture[name] = value;
        }
    }
}
