using System.Collections.Frozen;
using System.Text.Json.Nodes;
using NurtureEngine.Core.Tracks.Definitions;
using NurtureEngine.Studio.Definitions;

namespace NurtureEngine.Studio.Instances;

/// <summary>Where the steps of a version stand in Elsa Studio's tree.</summary>
internal sealed class StepNodes
{
    private readonly FrozenDictionary<string, StepNode> _nodes;

    private StepNodes(IEnumerable<StepNode> nodes) =>
        _nodes = nodes
            .GroupBy(node => node.Id, StringComparer.Ordinal)
            .ToFrozenDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal);

    /// <summary>Those of a definition, as <see cref="DefinitionAnswer" /> completes it.</summary>
    public static StepNodes Of(JsonObject definition) =>
        new(definition["root"] is JsonObject root ? ActivityNodes.AllWithin(root).Prepend(root).Select(Node) : []);

    /// <summary>A step; one that the version does not have stands at the root.</summary>
    public StepNode Find(string id) => _nodes.GetValueOrDefault(id) ?? new StepNode(id, $"Workflow1:{id}", "", id);

    private static StepNode Node(JsonObject activity) =>
        new(
            $"{activity["id"]}",
            $"{activity["nodeId"]}",
            $"{activity["type"]}",
            $"{activity["name"] ?? activity["id"]}"
        );
}

/// <summary>A step in Elsa Studio's tree.</summary>
internal sealed record StepNode(string Id, string NodeId, string Type, string Name);
