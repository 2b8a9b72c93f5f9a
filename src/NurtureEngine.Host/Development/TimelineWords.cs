using System.Globalization;
using System.Text.Json.Nodes;
using NurtureEngine.Core.Diagnostics;
using NurtureEngine.Postgres.Leads;
using NurtureEngine.Postgres.Touches;

namespace NurtureEngine.Host.Development;

/// <summary>A lead's timeline and the states of touches in words; not escaped.</summary>
internal sealed class TimelineWords(IEnumerable<TouchRow> touches)
{
    private const string TouchPrefix = "touch.";

    // Moments on the way that say nothing to a reader.
    private const string Leaving = "touch.handing";
    private const string FreedLane = "engine.lane_freed";
    private readonly Dictionary<string, string> _contents = touches.ToDictionary(
        touch => touch.Id.ToString("D", CultureInfo.InvariantCulture),
        touch => touch.Content
    );

    public static string State(string state) =>
        state switch
        {
            "awaiting_approval" => "awaiting approval",
            "deferred" => "rescheduled",
            "claimed" or "handing" => "being sent",
            "accepted" => "sent",
            "rejected" => "refused by the mail server",
            "uncertain" => "perhaps sent, not known",
            _ => state.Replace('_', ' '),
        };

    /// <summary>Whether it is worth a line; what is heard of a touch stands there as what the lead did.</summary>
    public static bool IsOfInterest(TimelineRow entry) =>
        entry.Kind is not (Leaving or FreedLane) && (string?)JsonNode.Parse(entry.Arguments)!["code"] != "feedback";

    public static string What(TimelineRow entry)
    {
        var words = entry.Kind.StartsWith(TouchPrefix, StringComparison.Ordinal)
            ? $"e-mail {State(entry.Kind[TouchPrefix.Length..])}"
            : entry.Kind.Replace('.', ' ').Replace('_', ' ');
        return char.ToUpperInvariant(words[0]) + words[1..];
    }

    /// <summary>With what it happened: of a touch its content, of a code its sentence.</summary>
    public string More(TimelineRow entry)
    {
        var arguments = JsonNode.Parse(entry.Arguments)!.AsObject();
        return string.Join(
            " · ",
            arguments
                .Where(one => one.Value is not null && one.Key != "argument")
                .OrderBy(one => one.Key == "code")
                .Select(one => Part(one.Key, one.Value!))
        );

        string Part(string name, JsonNode value) =>
            (name, value) switch
            {
                ("touch", JsonValue id) => _contents.GetValueOrDefault($"{id}", "a touch of before"),
                ("code", JsonValue code) => CodeSentences.Of($"{code}", (string?)arguments["argument"]).English,
                (_, JsonValue plain) => $"{name.Replace('_', ' ')}: {plain}",
                _ => $"{name.Replace('_', ' ')}: {value.ToJsonString()}",
            };
    }
}
