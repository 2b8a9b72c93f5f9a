using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NurtureEngine.Core.Diagnostics;
using NurtureEngine.Core.Reports;

namespace NurtureEngine.Host.Pages;

/// <summary>Brings a track's contact policy from a form into its definition, and back.</summary>
internal static partial class CadenceChanges
{
    private const string Place = "#/customProperties/nurture/cadence";

    private static readonly char[] Commas = [',', '，', '、'];

    /// <summary>The contact policy that the settings of a definition have.</summary>
    public static TrackPolicy Read(JsonObject nurture)
    {
        var cadence = nurture["cadence"] as JsonObject ?? [];
        return new TrackPolicy
        {
            Times = string.Join(", ", Texts(cadence["time"]).Concat(Texts(cadence["times"]))),
            Days = [.. Texts(cadence["days"]).Select(Shorten)],
            Window = cadence["window"]?.ToString() ?? "",
            MinGap = cadence["minGap"]?.ToString() ?? "",
            Caps = string.Join(", ", (cadence["caps"] as JsonArray ?? []).OfType<JsonObject>().Select(Show)),
        };
    }

    /// <summary>Writes it into the settings of a definition; what can't be written is added to the faults. What is as it was stays as it is written.</summary>
    public static void Apply(JsonObject nurture, TrackPolicy policy, List<Diagnostic> faults)
    {
        var before = Read(nurture);
        var cadence = nurture["cadence"] as JsonObject ?? [];
        var wasEmpty = cadence.Count == 0;
        if (policy.Times.Trim() != before.Times)
        {
            var times = Parts(policy.Times);
            Put(cadence, "time", times is [var one] ? one : null);
            Put(cadence, "times", times.Length > 1 ? ArrayOf(times) : null);
        }

        if (!policy.Days.ToHashSet().SetEquals(before.Days))
        {
            Put(cadence, "days", policy.Days.Count > 0 ? ArrayOf(policy.Days) : null);
        }

        Put(cadence, "window", TextOf(policy.Window));
        Put(cadence, "minGap", TextOf(policy.MinGap));
        if (policy.Caps.Trim() != before.Caps)
        {
            var caps = Parts(policy.Caps).Select(cap => Read(cap, faults)).OfType<JsonNode>().ToArray();
            Put(cadence, "caps", caps.Length > 0 ? new JsonArray(caps) : null);
        }

        if (cadence.Count > 0 && cadence.Parent is null)
        {
            nurture["cadence"] = cadence;
        }
        else if (cadence.Count == 0 && !wasEmpty)
        {
            nurture.Remove("cadence");
        }
    }

    // Definitions may spell days out and in any case.
    private static string Shorten(string day) =>
        day.Length < 3 ? day : $"{char.ToUpperInvariant(day[0])}{day[1..3].ToLowerInvariant()}";

    private static string Show(JsonObject cap) =>
        cap["within"] is { } within ? $"{cap["most"]} within {within}" : $"{cap["most"]} per {cap["per"]}";

    private static JsonObject? Read(string cap, List<Diagnostic> faults)
    {
        var match = CapText().Match(cap);
        if (
            !match.Success
            || !int.TryParse(
                match.Groups["most"].ValueSpan,
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var most
            )
        )
        {
            faults.Add(
                new Diagnostic(
                    $"{Place}/caps",
                    $"'{cap}' is no limit; expected such as '1 within 13d' or '4 per month' (day, week, month)."
                )
            );
            return null;
        }

        return new JsonObject
        {
            ["most"] = most,
            ["of"] = "track",
            [match.Groups["kind"].Value] = match.Groups["span"].Value,
        };
    }

    private static string[] Parts(string typed) =>
        typed.Split(Commas, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static IEnumerable<string> Texts(JsonNode? node) =>
        node switch
        {
            JsonArray many => many.Select(one => $"{one}"),
            null => [],
            _ => [node.ToString()],
        };

    private static JsonArray ArrayOf(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);

    private static JsonNode? TextOf(string typed) => typed.Trim() is { Length: > 0 } some ? some : null;

    private static void Put(JsonObject cadence, string name, JsonNode? value)
    {
        if (value is null)
        {
            cadence.Remove(name);
        }
        else
        {
            cadence[name] = value;
        }
    }

    [GeneratedRegex(@"^(?<most>[0-9]{1,4})\s+(?<kind>within|per)\s+(?<span>\S.*)$")]
    private static partial Regex CapText();
}
