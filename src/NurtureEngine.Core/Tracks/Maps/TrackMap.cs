using System.Text.Json.Nodes;
using NurtureEngine.Core.Tracks.Activities;
using NurtureEngine.Core.Tracks.Definitions;

namespace NurtureEngine.Core.Tracks.Maps;

/// <summary>A track as it is drawn, for pictures of it: its steps in their places, and the lines between them. Lengths are those of the designer (CSS pixels).</summary>
/// <param name="Steps">The steps of the outermost flowchart.</param>
/// <param name="Lines">The lines between them.</param>
/// <param name="Width">How wide the picture is.</param>
/// <param name="Height">How high it is.</param>
public sealed record TrackMap(IReadOnlyList<MapStep> Steps, IReadOnlyList<MapLine> Lines, double Width, double Height)
{
    /// <summary>How large a step is.</summary>
    public const double StepWidth = 200;

    /// <inheritdoc cref="StepWidth" />
    public const double StepHeight = 92;

    private const double Margin = 20;

    // The designer's steps are lower than those of a picture, which hold counts.
    private const double Stretch = 1.3;

    /// <summary>That of a definition, faulty or not. Steps that were never placed are put in columns, each behind those that lead to it.</summary>
    public static TrackMap Of(string definition)
    {
        var root = JsonNode.Parse(definition)?["root"] as JsonObject ?? [];
        var activities = (root["activities"] as JsonArray ?? [])
            .OfType<JsonObject>()
            .DistinctBy(activity => $"{activity["id"]}")
            .ToList();
        var known = activities.Select(activity => $"{activity["id"]}").ToHashSet(StringComparer.Ordinal);
        var lines = (root["connections"] as JsonArray ?? [])
            .OfType<JsonObject>()
            .Select(LineOf)
            .Where(line => known.Contains(line.From) && known.Contains(line.To))
            .ToList();
        var drawn = activities.ConvertAll(activity => (Activity: activity, Place: PlaceOf(activity)));
        var places = drawn.TrueForAll(step => step.Place is not null)
            ? drawn.ToDictionary(step => $"{step.Activity["id"]}", step => step.Place!.Value)
            : Columns([.. known], lines);
        if (places.Count == 0)
        {
            return new TrackMap([], [], 0, 0);
        }

        var (left, top) = (places.Values.Min(place => place.X), places.Values.Min(place => place.Y));
        var steps = activities.ConvertAll(activity =>
        {
            var place = places[$"{activity["id"]}"];
            return StepOf(activity, place.X - left + Margin, ((place.Y - top) * Stretch) + Margin);
        });
        return new TrackMap(
            steps,
            lines,
            steps.Max(step => step.X) + StepWidth + Margin,
            steps.Max(step => step.Y) + StepHeight + Margin
        );
    }

    private static MapStep StepOf(JsonObject activity, double x, double y)
    {
        var type = ActivityTypes.All.GetValueOrDefault($"{activity["type"]}");
        var label = $"{(activity["metadata"] as JsonObject)?["displayText"]}";
        return new MapStep
        {
            Id = $"{activity["id"]}",
            Label = label.Length > 0 ? label : $"{activity["name"] ?? activity["id"]}",
            Type = type?.DisplayName ?? new LocalisedText($"{activity["type"]}", $"{activity["type"]}"),
            Category = type?.Category ?? ActivityCategory.Flow,
            Within = [.. ActivityNodes.AllWithin(activity).Select(inner => $"{inner["id"]}")],
            X = x,
            Y = y,
        };
    }

    private static MapLine LineOf(JsonObject connection)
    {
        var (source, target) = (connection["source"] as JsonObject, connection["target"] as JsonObject);
        var port = $"{source?["port"]}";
        return new MapLine($"{source?["activity"]}", port.Length > 0 ? port : Step.Done, $"{target?["activity"]}");
    }

    private static (double X, double Y)? PlaceOf(JsonObject activity) =>
        ((activity["metadata"] as JsonObject)?["designer"] as JsonObject)?["position"] is JsonObject position
        && Number(position["x"]) is { } x
        && Number(position["y"]) is { } y
            ? (x, y)
            : null;

    private static double? Number(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue<double>(out var number) && double.IsFinite(number) ? number : null;

    private static Dictionary<string, (double X, double Y)> Columns(List<string> steps, List<MapLine> lines)
    {
        var onward = lines.ToLookup(line => line.From, line => line.To);
        var reached = lines.Select(line => line.To).ToHashSet(StringComparer.Ordinal);
        var columns = steps.Where(step => !reached.Contains(step)).ToDictionary(step => step, _ => 0);
        var open = new Queue<string>(columns.Keys);
        while (open.TryDequeue(out var step))
        {
            foreach (var next in onward[step].Where(next => columns.TryAdd(next, columns[step] + 1)))
            {
                open.Enqueue(next);
            }
        }

        return steps
            .GroupBy(step => columns.GetValueOrDefault(step))
            .SelectMany(column => column.Select((step, row) => (Step: step, Place: (column.Key * 260d, row * 100d))))
            .ToDictionary(step => step.Step, step => step.Place, StringComparer.Ordinal);
    }
}

/// <summary>A step in its place.</summary>
public sealed record MapStep
{
    public required string Id { get; init; }

    /// <summary>What people call it.</summary>
    public required string Label { get; init; }

    /// <summary>What kind of step it is.</summary>
    public required LocalisedText Type { get; init; }

    public required ActivityCategory Category { get; init; }

    /// <summary>The ids of the steps within it, at whatever depth.</summary>
    public required IReadOnlyList<string> Within { get; init; }

    public required double X { get; init; }
    public required double Y { get; init; }
}

/// <summary>A line from a step's port to another step.</summary>
public sealed record MapLine(string From, string Port, string To);
