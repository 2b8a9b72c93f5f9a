using System.Text.Json.Nodes;
using NurtureEngine.Core.Reports;
using NurtureEngine.Core.Tracks.Drafts;

namespace NurtureEngine.Studio.Definitions;

/// <summary>Lists of definitions, as Elsa Studio asks for them.</summary>
internal static class DefinitionList
{
    public static async Task<IResult> AnswerAsync(
        HttpContext http,
        [AsParameters] DefinitionQuery query,
        ITrackDrafts drafts,
        ITrackDefinitions definitions,
        DesignerRights rights,
        CancellationToken cancellationToken
    )
    {
        var mayEdit = rights.MayDesign(http.User);
        var wanted = (await FindAsync(query, drafts, definitions, cancellationToken))
            .Where(shown => query.DefinitionIds is not { Length: > 0 } ids || ids.Contains(shown.DefinitionId))
            .Where(shown => query.Ids is not { Length: > 0 } ids || ids.Contains(shown.Id))
            .Select(shown => DefinitionAnswer.Summary(shown, mayEdit))
            .Where(summary =>
                string.IsNullOrWhiteSpace(query.SearchTerm)
                || $"{summary["name"]}".Contains(query.SearchTerm, StringComparison.CurrentCultureIgnoreCase)
            )
            .ToList();
        var size = Math.Clamp(query.PageSize ?? 100, 1, 100);
        var page = Ordered(wanted, query).Skip(Math.Max(query.Page ?? 0, 0) * size).Take(size);
        return TypedResults.Ok(
            new JsonObject
            {
                ["items"] = new JsonArray([.. page]),
                ["totalCount"] = wanted.Count,
                ["links"] = DefinitionAnswer.ListLinks(mayEdit),
            }
        );
    }

    /// <summary>The draft of each track, or the version in force of one without.</summary>
    public static async Task<IReadOnlyList<ShownDefinition>> LatestAsync(
        ITrackDrafts drafts,
        ITrackDefinitions definitions,
        CancellationToken cancellationToken
    )
    {
        var current = await definitions.ListCurrentAsync(cancellationToken);
        var all = await drafts.ListAsync(cancellationToken);
        var numbers = await definitions.LastNumbersAsync(
            [.. all.Select(draft => draft.DefinitionId)],
            cancellationToken
        );
        var drawn = all.Select(draft => ShownDefinition.Of(draft, numbers.GetValueOrDefault(draft.DefinitionId)))
            .ToList();
        var ids = drawn.Select(draft => draft.DefinitionId).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. drawn,
            .. current
                .Where(version => !ids.Contains(version.DefinitionId))
                .Select(version => ShownDefinition.Of(version, hasDraft: false)),
        ];
    }

    /// <summary>A definition's name, or its id where it has none.</summary>
    public static string NameOf(ShownDefinition shown) => $"{DefinitionAnswer.Summary(shown, mayEdit: false)["name"]}";

    private static async Task<IReadOnlyList<ShownDefinition>> FindAsync(
        DefinitionQuery query,
        ITrackDrafts drafts,
        ITrackDefinitions definitions,
        CancellationToken cancellationToken
    )
    {
        if (query is { VersionOptions: "AllVersions", DefinitionIds: [var one] })
        {
            var state = await drafts.FindAsync(one, cancellationToken);
            var versions = await definitions.ListVersionsAsync(one, cancellationToken);
            return
            [
                .. state.Draft is { } draft
                    ? [ShownDefinition.Of(draft, state.LastNumber)]
                    : Array.Empty<ShownDefinition>(),
                .. versions.Select(version => ShownDefinition.Of(version, state.Draft is not null)),
            ];
        }

        return query.VersionOptions == "Published" || query.Ids is { Length: > 0 }
            ?
            [
                .. (await definitions.ListCurrentAsync(cancellationToken)).Select(version =>
                    ShownDefinition.Of(version, hasDraft: false)
                ),
            ]
            : await LatestAsync(drafts, definitions, cancellationToken);
    }

    private static IEnumerable<JsonObject> Ordered(IEnumerable<JsonObject> summaries, DefinitionQuery query)
    {
        var ordered = query.OrderBy switch
        {
            "Version" => summaries.OrderBy(summary => (int)summary["version"]!),
            "Created" => summaries.OrderBy(summary => (DateTimeOffset)summary["createdAt"]!),
            _ => summaries.OrderBy(summary => $"{summary["name"]}", StringComparer.CurrentCulture),
        };
        return query.OrderDirection == "Descending" ? ordered.Reverse() : ordered;
    }
}

/// <summary>What Elsa Studio asks of a list.</summary>
internal sealed record DefinitionQuery(
    string? VersionOptions,
    string[]? DefinitionIds,
    string[]? Ids,
    string? SearchTerm,
    int? Page,
    int? PageSize,
    string? OrderBy,
    string? OrderDirection
);
