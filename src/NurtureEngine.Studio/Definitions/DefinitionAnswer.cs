using System.Collections.Immutable;
using System.Text.Json.Nodes;
using NurtureEngine.Core.Tracks.Drafts;

namespace NurtureEngine.Studio.Definitions;

/// <summary>A definition, as Elsa Studio reads it: with what the database knows of it, and with nothing missing.</summary>
internal static class DefinitionAnswer
{
    private static readonly ImmutableDictionary<string, ImmutableArray<string>> NoPorts = ImmutableDictionary<
        string,
        ImmutableArray<string>
    >.Empty;

    private static readonly string[] Lists = ["variables", "inputs", "outputs", "outcomes"];

    /// <summary>The whole definition. Studio shows one without a link to publish it as read-only.</summary>
    public static async Task<JsonObject> OfAsync(
        ShownDefinition shown,
        bool mayEdit,
        ITrackDrafts drafts,
        CancellationToken cancellationToken
    )
    {
        var answer = Complete(
            JsonNode.Parse(shown.Definition)!.AsObject(),
            await drafts.PortsAsync(shown.Definition, cancellationToken)
        );
        foreach (var (name, value) in HeadOf(shown, answer, mayEdit))
        {
            answer[name] = value?.DeepClone();
        }

        return answer;
    }

    /// <summary>What lists say of it.</summary>
    public static JsonObject Summary(ShownDefinition shown, bool mayEdit)
    {
        var definition = JsonNode.Parse(shown.Definition)!.AsObject();
        var summary = HeadOf(shown, definition, mayEdit);
        summary["description"] = definition["description"]?.DeepClone();
        summary["isMaterializerAvailable"] = true;
        return summary;
    }

    /// <summary>Adds what files may leave out and Studio reads by.</summary>
    public static JsonObject Complete(
        JsonObject definition,
        IReadOnlyDictionary<string, ImmutableArray<string>>? ports = null
    )
    {
        foreach (var name in Lists)
        {
            definition[name] ??= new JsonArray();
        }

        definition["options"] ??= new JsonObject();
        definition["customProperties"] ??= new JsonObject();
        if (definition["root"] is JsonObject root)
        {
            ShownActivity.Complete(root, "Workflow1", ports ?? NoPorts);
        }

        return definition;
    }

    /// <summary>What may be done with all definitions, by which Studio shows its buttons.</summary>
    public static JsonArray ListLinks(bool mayEdit) =>
        mayEdit
            ? new JsonArray(
                Link("/bulk-actions/publish/workflow-definitions/by-definition-ids", "bulk-publish", "POST")
            )
            : [];

    private static JsonObject HeadOf(ShownDefinition shown, JsonObject definition, bool mayEdit) =>
        new()
        {
            ["id"] = shown.Id,
            ["definitionId"] = shown.DefinitionId,
            ["name"] = definition["name"]?.ToString() is { Length: > 0 } name ? name : shown.DefinitionId,
            ["createdAt"] = shown.CreatedAt,
            ["version"] = shown.Number,
            ["isLatest"] = shown.IsLatest,
            ["isPublished"] = shown.IsPublished,
            ["toolVersion"] = "3.8.2.0",
            ["materializerName"] = "Json",
            ["isReadonly"] = !mayEdit,
            ["links"] = LinksOf(shown, mayEdit && shown.IsLatest),
        };

    private static JsonArray LinksOf(ShownDefinition shown, bool mayEdit)
    {
        var address = $"/workflow-definitions/{shown.DefinitionId}";
        return mayEdit
            ? new JsonArray(
                Link(address, "self", "GET"),
                Link($"{address}/publish", "publish", "POST"),
                Link($"{address}/retract", "retract", "POST"),
                Link(address, "delete", "DELETE")
            )
            : new JsonArray(Link(address, "self", "GET"));
    }

    private static JsonObject Link(string address, string relation, string method) =>
        new()
        {
            ["href"] = address,
            ["rel"] = relation,
            ["method"] = method,
        };
}
