using System.Text.Json;
using System.Text.Json.Nodes;
using NurtureEngine.Core.Reports;
using NurtureEngine.Core.Tracks.Activities;
using NurtureEngine.Studio.Descriptors;

namespace NurtureEngine.Studio.Definitions;

/// <summary>A published definition, as Elsa Studio reads it: with what the database knows of the version, and with nothing missing.</summary>
internal static class DefinitionAnswer
{
    private static readonly string[] Lists = ["variables", "inputs", "outputs", "outcomes"];

    /// <summary>The whole definition. It cannot be changed: Studio shows one without a link to publish it as read-only.</summary>
    public static JsonObject Of(TrackDefinition track)
    {
        var answer = JsonNode.Parse(track.Definition)!.AsObject();
        foreach (var (name, value) in HeadOf(track, answer))
        {
            answer[name] = value?.DeepClone();
        }

        foreach (var name in Lists)
        {
            answer[name] ??= new JsonArray();
        }

        answer["options"] ??= new JsonObject();
        answer["customProperties"] ??= new JsonObject();
        if (answer["root"] is JsonObject root)
        {
            Complete(root, "Workflow1");
        }

        return answer;
    }

    /// <summary>What lists say of it.</summary>
    public static JsonObject Summary(TrackDefinition track)
    {
        var definition = JsonNode.Parse(track.Definition)!.AsObject();
        var summary = HeadOf(track, definition);
        summary["description"] = definition["description"]?.DeepClone();
        summary["isMaterializerAvailable"] = true;
        return summary;
    }

    private static JsonObject HeadOf(TrackDefinition track, JsonObject definition) =>
        new()
        {
            ["id"] = IdOf(track),
            ["definitionId"] = track.DefinitionId,
            ["name"] = definition["name"]?.ToString() is { Length: > 0 } name ? name : track.DefinitionId,
            ["createdAt"] = track.PublishedAt,
            ["version"] = track.Number,
            ["isLatest"] = track.IsCurrent,
            ["isPublished"] = track.IsCurrent,
            ["toolVersion"] = "3.8.2.0",
            ["materializerName"] = "Json",
            ["isReadonly"] = true,
            ["links"] = new JsonArray(
                new JsonObject
                {
                    ["href"] = $"/workflow-definitions/{track.DefinitionId}",
                    ["rel"] = "self",
                    ["method"] = "GET",
                }
            ),
        };

    /// <summary>The id of a version.</summary>
    public static string IdOf(TrackDefinition track) => $"v{track.Id}";

    // Files may leave out what Studio reads by: the id of each node in the tree, and the lists of a flowchart.
    private static void Complete(JsonObject activity, string parent)
    {
        var node = activity["nodeId"]?.ToString() is { Length: > 0 } known ? known : $"{parent}:{activity["id"]}";
        activity["nodeId"] = node;
        activity["metadata"] ??= new JsonObject();
        activity["customProperties"] ??= new JsonObject();
        var type = activity["type"]?.ToString();
        if (type == "Elsa.Flowchart")
        {
            activity["activities"] ??= new JsonArray();
            activity["connections"] ??= new JsonArray();
        }

        var children = (activity["activities"] as JsonArray ?? []).OfType<JsonObject>().ToList();
        foreach (var child in children)
        {
            Complete(child, node);
        }

        NamePorts(children, activity["connections"] as JsonArray ?? []);
    }

    // Ports that follow from other inputs are those by which lines leave.
    private static void NamePorts(IEnumerable<JsonObject> activities, JsonArray connections)
    {
        var used = connections
            .OfType<JsonObject>()
            .Select(line => (From: $"{line["source"]?["activity"]}", Port: $"{line["source"]?["port"]}"))
            .Where(line => line.Port.Length > 0)
            .ToLookup(line => line.From, line => line.Port);
        foreach (var activity in activities)
        {
            if (
                ActivityTypes.All.TryGetValue($"{activity["type"]}", out var type)
                && ActivityDescriptors.HasOwnPorts(type)
            )
            {
                var ports = used[$"{activity["id"]}"].Except(type.Ports).Distinct().ToArray();
                activity[ActivityDescriptors.PortsInput] = new JsonObject
                {
                    ["typeName"] = "Object",
                    ["expression"] = new JsonObject
                    {
                        ["type"] = "Object",
                        ["value"] = JsonSerializer.Serialize(ports),
                    },
                };
            }
        }
    }
}
