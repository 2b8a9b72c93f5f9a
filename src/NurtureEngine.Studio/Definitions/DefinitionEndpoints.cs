using System.Globalization;
using System.Text.Json.Nodes;
using NurtureEngine.Core.Reports;

namespace NurtureEngine.Studio.Definitions;

/// <summary>The definitions of tracks, by the addresses that Elsa Studio calls.</summary>
internal static class DefinitionEndpoints
{
    public static void MapDefinitions(this IEndpointRouteBuilder api)
    {
        var definitions = api.MapGroup("/workflow-definitions");
        definitions.MapGet("/", ListAsync);
        definitions.MapGet("/by-definition-id/{definitionId}", FindAsync);
        definitions.MapGet("/by-id/{id}", FindByIdAsync);
        definitions.MapGet(
            "/{definitionId}/consumers",
            () => new { consumingWorkflowDefinitionIds = Array.Empty<string>() }
        );
    }

    // A version number, or a word of Elsa's; what is published last is all that is there.
    private static async Task<IResult> FindAsync(
        string definitionId,
        string? versionOptions,
        ITrackDefinitions definitions,
        CancellationToken cancellationToken
    )
    {
        int? number = int.TryParse(versionOptions, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed)
            ? parsed
            : null;
        return await definitions.FindAsync(definitionId, number, cancellationToken) is { } track
            ? TypedResults.Ok(DefinitionAnswer.Of(track))
            : NotThere($"There is no track '{definitionId}'.");
    }

    private static async Task<IResult> FindByIdAsync(
        string id,
        ITrackDefinitions definitions,
        CancellationToken cancellationToken
    ) =>
        id.StartsWith('v')
        && int.TryParse(id.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var version)
        && await definitions.FindByIdAsync(version, cancellationToken) is { } track
            ? TypedResults.Ok(DefinitionAnswer.Of(track))
            : NotThere($"There is no version '{id}' of a track.");

    private static async Task<IResult> ListAsync(
        [AsParameters] DefinitionQuery query,
        ITrackDefinitions definitions,
        CancellationToken cancellationToken
    )
    {
        var found = query is { VersionOptions: "AllVersions", DefinitionIds: [var one] }
            ? await definitions.ListVersionsAsync(one, cancellationToken)
            : await definitions.ListCurrentAsync(cancellationToken);
        var wanted = found
            .Where(track => query.DefinitionIds is not { Length: > 0 } ids || ids.Contains(track.DefinitionId))
            .Where(track => query.Ids is not { Length: > 0 } ids || ids.Contains(DefinitionAnswer.IdOf(track)))
            .Select(DefinitionAnswer.Summary)
            .Where(track =>
                string.IsNullOrWhiteSpace(query.SearchTerm)
                || $"{track["name"]}".Contains(query.SearchTerm, StringComparison.CurrentCultureIgnoreCase)
            )
            .ToList();
        var size = Math.Clamp(query.PageSize ?? 100, 1, 100);
        var page = wanted.Skip(Math.Max(query.Page ?? 0, 0) * size).Take(size);
        return TypedResults.Ok(
            new JsonObject
            {
                ["items"] = new JsonArray([.. page]),
                ["totalCount"] = wanted.Count,
                ["links"] = new JsonArray(),
            }
        );
    }

    private static IResult NotThere(string sentence) =>
        TypedResults.Problem(sentence, statusCode: StatusCodes.Status404NotFound);
}

/// <summary>What Elsa Studio asks of a list.</summary>
internal sealed record DefinitionQuery(
    string? VersionOptions,
    string[]? DefinitionIds,
    string[]? Ids,
    string? SearchTerm,
    int? Page,
    int? PageSize
);
