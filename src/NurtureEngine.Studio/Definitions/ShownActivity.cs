using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using NurtureEngine.Core.Tracks.Activities;
using NurtureEngine.Core.Tracks.Definitions;
using NurtureEngine.Studio.Descriptors;

namespace NurtureEngine.Studio.Definitions;

/// <summary>
/// Activities in the form that Elsa Studio can show: nothing that it reads by is missing, and what it could not show at all (a type or a
/// version of one without a descriptor) is replaced. <see cref="ModelMerge" /> takes all of this back.
/// </summary>
internal static class ShownActivity
{
    /// <summary>The member that keeps the type for which Elsa's placeholder stands.</summary>
    public const string MissingType = "missingTypeName";

    /// <summary>The member that keeps its version.</summary>
    public const string MissingVersion = "missingTypeVersion";

    private const string Flowchart = "Elsa.Flowchart";

    /// <summary>Completes an activity and all within it; the ports are those that follow from inputs, by activity id.</summary>
    public static void Complete(
        JsonObject activity,
        string parent,
        IReadOnlyDictionary<string, ImmutableArray<string>> ports
    )
    {
        var node = activity["nodeId"]?.ToString() is { Length: > 0 } known ? known : $"{parent}:{activity["id"]}";
        activity["nodeId"] = node;
        activity["metadata"] ??= new JsonObject();
        activity["customProperties"] ??= new JsonObject();
        Replace(activity);
        if ($"{activity["type"]}" == Flowchart)
        {
            activity["activities"] ??= new JsonArray();
            activity["connections"] ??= new JsonArray();
        }

        foreach (var child in ActivityNodes.ChildrenOf(activity))
        {
            Complete(child, node, ports);
        }

        NamePorts(
            (activity["activities"] as JsonArray ?? []).OfType<JsonObject>(),
            activity["connections"] as JsonArray ?? [],
            ports
        );
    }

    private static void Replace(JsonObject activity)
    {
        var type = $"{activity["type"]}";
        if (!ActivityTypes.All.ContainsKey(type))
        {
            activity[MissingType] = type;
            activity[MissingVersion] = activity["version"]?.DeepClone();
            activity["type"] = ActivityDescriptors.Placeholder;
        }

        activity["version"] = 1;
    }

    // Those by which lines leave are there in any case: without its port, a line would be drawn from nowhere.
    private static void NamePorts(
        IEnumerable<JsonObject> activities,
        JsonArray connections,
        IReadOnlyDictionary<string, ImmutableArray<string>> known
    )
    {
        var used = connections
            .OfType<JsonObject>()
            .Select(line => (From: $"{line["source"]?["activity"]}", Port: $"{line["source"]?["port"]}"))
            .Where(line => line.Port.Length > 0)
            .ToLookup(line => line.From, line => line.Port);
        foreach (var activity in activities)
        {
            var type = ActivityTypes.All.GetValueOrDefault($"{activity["type"]}");
            if (type is null || ActivityDescriptors.HasOwnPorts(type))
            {
                var id = $"{activity["id"]}";
                var ports = known.GetValueOrDefault(id, []).Union(used[id]).Except(type?.Ports ?? []).ToArray();
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
