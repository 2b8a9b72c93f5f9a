using System.Text.Json.Nodes;
using NurtureEngine.Core.Reports;
using NurtureEngine.Core.Tracks.Definitions;
using NurtureEngine.Core.Tracks.Drafts;

namespace NurtureEngine.Studio.Definitions;

/// <summary>Parts of a definition: Elsa Studio asks for them when someone goes into a flow within a flow.</summary>
internal static class SubgraphEndpoints
{
    public static void MapSubgraphs(this IEndpointRouteBuilder api)
    {
        api.MapGet("/workflow-definitions/subgraph/{id}", SubgraphAsync);
        api.MapGet("/workflow-definitions/subgraph/segments/{id}", SegmentsAsync);
    }

    private static async Task<IResult> SubgraphAsync(
        string id,
        string? parentNodeId,
        ITrackDrafts drafts,
        ITrackDefinitions definitions,
        CancellationToken cancellationToken
    ) =>
        await PathAsync(id, parentNodeId, drafts, definitions, cancellationToken) is [.., var found]
            ? TypedResults.Ok(Node(found))
            : NotThere(parentNodeId);

    private static async Task<IResult> SegmentsAsync(
        string id,
        string? childNodeId,
        ITrackDrafts drafts,
        ITrackDefinitions definitions,
        CancellationToken cancellationToken
    )
    {
        var path = await PathAsync(id, childNodeId, drafts, definitions, cancellationToken);
        if (path is not [.. var containers, var child])
        {
            return NotThere(childNodeId);
        }

        // The outermost flow is where Studio stands already.
        var segments = containers
            .Skip(1)
            .Select(container => new JsonObject
            {
                ["activityNodeId"] = container["nodeId"]?.DeepClone(),
                ["activityId"] = container["id"]?.DeepClone(),
                ["activityType"] = container["type"]?.DeepClone(),
                ["portName"] = "Root",
            });
        return TypedResults.Ok(
            new JsonObject
            {
                ["childNode"] = Node(child),
                ["container"] = Node(containers.Count > 0 ? containers[^1] : child),
                ["pathSegments"] = new JsonArray([.. segments]),
            }
        );
    }

    // From the outermost flow down to the activity; empty where there is none of that node id.
    private static async Task<List<JsonObject>> PathAsync(
        string id,
        string? nodeId,
        ITrackDrafts drafts,
        ITrackDefinitions definitions,
        CancellationToken cancellationToken
    )
    {
        var shown = await DefinitionEndpoints.FindByIdAsync(id, drafts, definitions, cancellationToken);
        if (shown is null)
        {
            return [];
        }

        var definition = await DefinitionAnswer.OfAsync(shown, mayEdit: false, drafts, cancellationToken);
        return definition["root"] is JsonObject root ? PathTo(root, nodeId ?? $"{root["nodeId"]}") : [];
    }

    private static List<JsonObject> PathTo(JsonObject activity, string nodeId) =>
        $"{activity["nodeId"]}" == nodeId
            ? [activity]
            : ActivityNodes
                .ChildrenOf(activity)
                .Select(child => PathTo(child, nodeId))
                .Where(path => path.Count > 0)
                .Select(path => path.Prepend(activity).ToList())
                .FirstOrDefault()
                ?? [];

    private static JsonObject Node(JsonObject activity) =>
        new()
        {
            ["nodeId"] = activity["nodeId"]?.DeepClone(),
            ["activity"] = activity.DeepClone(),
            ["port"] = "Root",
            ["parents"] = new JsonArray(),
            ["children"] = new JsonArray([.. ActivityNodes.ChildrenOf(activity).Select(Node)]),
        };

    private static IResult NotThere(string? nodeId) =>
        TypedResults.Problem($"There is no activity '{nodeId}'.", statusCode: StatusCodes.Status404NotFound);
}
