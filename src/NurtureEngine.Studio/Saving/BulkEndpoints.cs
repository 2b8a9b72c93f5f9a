using System.IO.Compression;
using System.Text;
using NurtureEngine.Core.Reports;
using NurtureEngine.Core.Tracks.Definitions;
using NurtureEngine.Core.Tracks.Drafts;
using NurtureEngine.Studio.Definitions;

namespace NurtureEngine.Studio.Saving;

/// <summary>What Elsa Studio does with several definitions at once; each stands and falls by itself.</summary>
internal static class BulkEndpoints
{
    public static void MapBulk(this IEndpointRouteBuilder api)
    {
        var bulk = api.MapGroup("/bulk-actions");
        bulk.MapPost("/export/workflow-definitions", ExportAsync);
        var changes = bulk.MapGroup("").AddEndpointFilter(WriteGuard.AdmitAsync);
        changes.MapPost("/publish/workflow-definitions/by-definition-ids", PublishAsync);
        changes.MapPost("/retract/workflow-definitions/by-definition-ids", RetractAsync);
        changes.MapPost("/delete/workflow-definitions/by-definition-id", DiscardAsync);
        changes.MapPost("/delete/workflow-definitions/by-id", DiscardVersionsAsync);
    }

    private static async Task<IResult> PublishAsync(
        HttpContext http,
        BulkRequest request,
        ITrackDrafts drafts,
        ITrackPublishing publishing,
        DesignerRights rights,
        CancellationToken cancellationToken
    )
    {
        var (published, alreadyPublished, notFound) = (new List<string>(), new List<string>(), new List<string>());
        var refused = new List<string>();
        foreach (var id in request.Wanted)
        {
            var order = new PublishOrder { DefinitionId = id, Actor = rights.ActorOf(http.User) };
            var done = await publishing.PublishAsync(order, cancellationToken);
            var state = await drafts.FindAsync(id, cancellationToken);
            switch (done.Outcome)
            {
                case PublishOutcome.Published:
                    published.Add(id);
                    break;
                case PublishOutcome.Unchanged:
                case PublishOutcome.NoDraft when state.NumberInForce > 0:
                    alreadyPublished.Add(id);
                    break;
                case PublishOutcome.NoDraft:
                    notFound.Add(id);
                    break;
                default:
                    refused.Add($"{id}: {SaveSentences.Of(done.Outcome)}");
                    break;
            }
        }

        return refused.Count > 0
            ? SaveEndpoints.Refuse(refused)
            : TypedResults.Ok(
                new
                {
                    published,
                    alreadyPublished,
                    notFound,
                    updatedConsumers = Array.Empty<string>(),
                }
            );
    }

    private static async Task<IResult> RetractAsync(
        HttpContext http,
        BulkRequest request,
        ITrackDrafts drafts,
        ITrackPublishing publishing,
        DesignerRights rights,
        CancellationToken cancellationToken
    )
    {
        var (retracted, alreadyRetracted, notFound) = (new List<string>(), new List<string>(), new List<string>());
        var refused = new List<string>();
        foreach (var id in request.Wanted)
        {
            var state = await drafts.FindAsync(id, cancellationToken);
            if (state.NumberInForce == 0)
            {
                (state.IsNew ? notFound : alreadyRetracted).Add(id);
                continue;
            }

            var done = await publishing.RetractAsync(id, rights.ActorOf(http.User), cancellationToken);
            if (done.Outcome == PublishOutcome.Published)
            {
                retracted.Add(id);
            }
            else
            {
                refused.Add($"{id}: {SaveSentences.Needed(done.NeededBy)}");
            }
        }

        return refused.Count > 0
            ? SaveEndpoints.Refuse(refused)
            : TypedResults.Ok(
                new
                {
                    retracted,
                    alreadyRetracted,
                    notFound,
                }
            );
    }

    private static async Task<IResult> DiscardAsync(
        HttpContext http,
        BulkRequest request,
        ITrackDrafts drafts,
        DesignerRights rights,
        CancellationToken cancellationToken
    )
    {
        var deleted = 0;
        var kept = new List<string>();
        foreach (var id in request.Wanted)
        {
            var state = await drafts.FindAsync(id, cancellationToken);
            if (state.LastNumber > 0)
            {
                kept.Add($"{id}: {SaveSentences.KeepsHistory}");
            }
            else if (
                await drafts.DiscardAsync(id, state.Draft?.Revision ?? 0, rights.ActorOf(http.User), cancellationToken)
            )
            {
                deleted++;
            }
        }

        return kept.Count > 0 ? SaveEndpoints.Refuse(kept) : TypedResults.Ok(new { deleted });
    }

    private static async Task<IResult> DiscardVersionsAsync(
        HttpContext http,
        BulkRequest request,
        ITrackDrafts drafts,
        DesignerRights rights,
        CancellationToken cancellationToken
    )
    {
        var seen = (request.Ids ?? []).Select(id => DefinitionIds.Read(id, editor: null)).ToList();
        if (seen.Exists(one => one.VersionId is not null))
        {
            return SaveEndpoints.Refuse(SaveSentences.KeepsHistory);
        }

        var deleted = 0;
        foreach (var draft in await drafts.ListAsync(cancellationToken))
        {
            if (
                seen.Find(one => one.DraftId == draft.Id) is { } one
                && await drafts.DiscardAsync(
                    draft.DefinitionId,
                    one.Revision,
                    rights.ActorOf(http.User),
                    cancellationToken
                )
            )
            {
                deleted++;
            }
        }

        return TypedResults.Ok(new { deleted });
    }

    private static async Task<IResult> ExportAsync(
        BulkRequest request,
        ITrackDrafts drafts,
        ITrackDefinitions definitions,
        CancellationToken cancellationToken
    )
    {
        var wanted = (await DefinitionList.LatestAsync(drafts, definitions, cancellationToken)).Where(shown =>
            request.Ids?.Contains(shown.Id) == true
        );
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var shown in wanted)
            {
                var text = Encoding.UTF8.GetBytes(shown.Definition);
                await using var file = await zip.CreateEntry($"{DefinitionIds.FileNameOf(shown.DefinitionId)}.json")
                    .OpenAsync(cancellationToken);
                await file.WriteAsync(CanonicalDefinition.TryWrite(text) ?? text, cancellationToken);
            }
        }

        return TypedResults.File(bytes.ToArray(), "application/zip", "tracks.zip");
    }
}

/// <summary>Which definitions are meant.</summary>
internal sealed record BulkRequest(string?[]? DefinitionIds, string[]? Ids)
{
    public IEnumerable<string> Wanted => (DefinitionIds ?? []).OfType<string>();
}
