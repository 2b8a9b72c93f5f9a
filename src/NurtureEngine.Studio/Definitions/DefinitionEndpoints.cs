using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using NurtureEngine.Core.Reports;
using NurtureEngine.Core.Tracks.Definitions;
using NurtureEngine.Core.Tracks.Drafts;
using NurtureEngine.Studio.Saving;

namespace NurtureEngine.Studio.Definitions;

/// <summary>The definitions of tracks, by the addresses that Elsa Studio calls.</summary>
internal static class DefinitionEndpoints
{
    public static void MapDefinitions(this IEndpointRouteBuilder api)
    {
        var definitions = api.MapGroup("/workflow-definitions");
        definitions.MapGet("/", DefinitionList.AnswerAsync);
        definitions.MapGet("/by-definition-id/{definitionId}", FindAsync);
        definitions.MapGet("/by-id/{id}", AnswerByIdAsync);
        definitions.MapGet("/{definitionId}/export", ExportAsync);
        definitions.MapGet("/{definitionId}/problems", ProblemsAsync);
        definitions.MapGet("/validation/is-name-unique", IsNameUniqueAsync);
        definitions.MapGet(
            "/{definitionId}/consumers",
            () => new { consumingWorkflowDefinitionIds = Array.Empty<string>() }
        );
    }

    private static async Task<IResult> FindAsync(
        HttpContext http,
        string definitionId,
        string? versionOptions,
        ITrackDrafts drafts,
        ITrackDefinitions definitions,
        DesignerRights rights,
        CancellationToken cancellationToken
    ) =>
        await ReadAsync(definitionId, versionOptions, drafts, definitions, cancellationToken) is { } shown
            ? TypedResults.Ok(
                await DefinitionAnswer.OfAsync(shown, rights.MayDesign(http.User), drafts, cancellationToken)
            )
            : NotThere($"There is no track '{definitionId}'.");

    private static async Task<IResult> AnswerByIdAsync(
        HttpContext http,
        string id,
        ITrackDrafts drafts,
        ITrackDefinitions definitions,
        DesignerRights rights,
        CancellationToken cancellationToken
    ) =>
        await FindByIdAsync(id, drafts, definitions, cancellationToken) is { } shown
            ? TypedResults.Ok(
                await DefinitionAnswer.OfAsync(shown, rights.MayDesign(http.User), drafts, cancellationToken)
            )
            : NotThere($"There is no version '{id}' of a track.");

    /// <summary>A version or a draft by its id; null where there is none.</summary>
    internal static async Task<ShownDefinition?> FindByIdAsync(
        string id,
        ITrackDrafts drafts,
        ITrackDefinitions definitions,
        CancellationToken cancellationToken
    )
    {
        var seen = DefinitionIds.Read(id, editor: null);
        if (
            seen.VersionId is { } versionId
            && await definitions.FindByIdAsync(versionId, cancellationToken) is { } version
        )
        {
            var state = await drafts.FindAsync(version.DefinitionId, cancellationToken);
            return ShownDefinition.Of(version, state.Draft is not null);
        }

        return (await drafts.ListAsync(cancellationToken)).FirstOrDefault(one => one.Id == seen.DraftId) is { } draft
            ? ShownDefinition.Latest(await drafts.FindAsync(draft.DefinitionId, cancellationToken))
            : null;
    }

    private static async Task<IResult> ExportAsync(
        string definitionId,
        string? versionOptions,
        ITrackDrafts drafts,
        ITrackDefinitions definitions,
        CancellationToken cancellationToken
    )
    {
        if (await ReadAsync(definitionId, versionOptions, drafts, definitions, cancellationToken) is not { } shown)
        {
            return NotThere($"There is no track '{definitionId}'.");
        }

        var bytes = Encoding.UTF8.GetBytes(shown.Definition);
        return TypedResults.File(
            CanonicalDefinition.TryWrite(bytes) ?? bytes,
            "application/json",
            $"{DefinitionIds.FileNameOf(definitionId)}.json"
        );
    }

    private static async Task<IResult> ProblemsAsync(
        string definitionId,
        ITrackDrafts drafts,
        CancellationToken cancellationToken
    )
    {
        var state = await drafts.FindAsync(definitionId, cancellationToken);
        if (state.Definition is not { } definition)
        {
            return NotThere($"There is no track '{definitionId}'.");
        }

        var problems = await drafts.CheckAsync(definition, cancellationToken);
        return TypedResults.Ok(
            new JsonObject
            {
                ["id"] = ShownDefinition.Latest(state)!.Id,
                ["isDraft"] = state.Draft is not null,
                ["problems"] = ProblemAnswer.Of(problems, definition),
            }
        );
    }

    private static async Task<IResult> IsNameUniqueAsync(
        string? name,
        string? definitionId,
        ITrackDrafts drafts,
        ITrackDefinitions definitions,
        CancellationToken cancellationToken
    )
    {
        var all = await DefinitionList.LatestAsync(drafts, definitions, cancellationToken);
        var isTaken = all.Any(shown =>
            shown.DefinitionId != definitionId
            && string.Equals(DefinitionList.NameOf(shown), name?.Trim(), StringComparison.OrdinalIgnoreCase)
        );
        return TypedResults.Ok(new { isUnique = !isTaken });
    }

    // A version number, or a word of Elsa's.
    private static async Task<ShownDefinition?> ReadAsync(
        string definitionId,
        string? versionOptions,
        ITrackDrafts drafts,
        ITrackDefinitions definitions,
        CancellationToken cancellationToken
    )
    {
        var state = await drafts.FindAsync(definitionId, cancellationToken);
        if (int.TryParse(versionOptions, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return number == state.LastNumber + 1 && state.Draft is { } draft
                    ? ShownDefinition.Of(draft, state.LastNumber)
                : await definitions.FindAsync(definitionId, number, cancellationToken) is { } version
                    ? ShownDefinition.Of(version, state.Draft is not null)
                : null;
        }

        return versionOptions != "Published" ? ShownDefinition.Latest(state)
            : state.Version is { IsCurrent: true } inForce ? ShownDefinition.Of(inForce, state.Draft is not null)
            : null;
    }

    private static IResult NotThere(string sentence) =>
        TypedResults.Problem(sentence, statusCode: StatusCodes.Status404NotFound);
}
