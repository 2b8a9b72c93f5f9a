using System.Text.Json.Nodes;
using NurtureEngine.Core.Tracks.Drafts;
using NurtureEngine.Studio.Definitions;

namespace NurtureEngine.Studio.Saving;

/// <summary>What changes definitions, by the addresses that Elsa Studio calls.</summary>
internal static class SaveEndpoints
{
    /// <summary>The header by which a page of the designer tells itself apart from others; Studio sends it as that of a tenant.</summary>
    public const string EditorHeader = "X-Nurture-Editor";

    public static void MapSaving(this IEndpointRouteBuilder api)
    {
        var definitions = api.MapGroup("/workflow-definitions");
        definitions.AddEndpointFilter(WriteGuard.AdmitAsync);
        definitions.MapPost("/", SaveAsync);
        definitions.MapPost("/import", ImportAsync);
        definitions.MapPost("/{definitionId}/publish", PublishEndpoints.PublishLatestAsync);
        definitions.MapPost("/{definitionId}/retract", PublishEndpoints.RetractAsync);
        definitions.MapPost("/{definitionId}/revert/{number:int}", RevertAsync);
        definitions.MapPost(
            "/{definitionId}/update-references",
            () => new { affectedWorkflows = Array.Empty<string>() }
        );
        definitions.MapDelete("/{definitionId}", PublishEndpoints.DiscardAsync);
        api.MapDelete("/workflow-definition-versions/{id}", PublishEndpoints.DiscardVersionAsync)
            .AddEndpointFilter(WriteGuard.AdmitAsync);
    }

    private static async Task<IResult> SaveAsync(
        HttpContext http,
        DraftSaving saving,
        ITrackDrafts drafts,
        ITrackPublishing publishing,
        DesignerRights rights,
        CancellationToken cancellationToken
    )
    {
        var (body, fault) = await ModelBody.ReadAsync(http.Request, cancellationToken);
        if (body?["model"] is not JsonObject model)
        {
            return Refuse(body is null ? fault : SaveSentences.NoModel);
        }

        var saved = await saving.SaveAsync(model, AuthorOf(http, rights), cancellationToken);
        if (saved.State is not { } state)
        {
            return Refuse(saved.Refusal!);
        }

        var isToPublish = body["publish"] is JsonValue publish && publish.TryGetValue<bool>(out var yes) && yes;
        return isToPublish
            ? await PublishEndpoints.PublishAsync(
                http,
                IdOf(state),
                state.Draft?.Revision,
                drafts,
                publishing,
                rights,
                cancellationToken
            )
            : await SavedAsync(state, drafts, cancellationToken);
    }

    private static async Task<IResult> ImportAsync(
        HttpContext http,
        DraftSaving saving,
        ITrackDrafts drafts,
        DesignerRights rights,
        CancellationToken cancellationToken
    )
    {
        var (model, fault) = await ModelBody.ReadAsync(http.Request, cancellationToken);
        if (model is null)
        {
            return Refuse(fault);
        }

        var saved = await saving.ImportAsync(model, AuthorOf(http, rights), cancellationToken);
        return saved.State is { } state
            ? TypedResults.Ok(
                await DefinitionAnswer.OfAsync(ShownDefinition.Latest(state)!, mayEdit: true, drafts, cancellationToken)
            )
            : Refuse(saved.Refusal!);
    }

    private static async Task<IResult> RevertAsync(
        HttpContext http,
        string definitionId,
        int number,
        ITrackDrafts drafts,
        DesignerRights rights,
        CancellationToken cancellationToken
    )
    {
        var state = await drafts.FindAsync(definitionId, cancellationToken);
        var revision = state.Draft?.Revision ?? 0;
        if (!await drafts.RevertAsync(definitionId, number, revision, AuthorOf(http, rights), cancellationToken))
        {
            return Refuse(SaveSentences.NotThere($"{definitionId} {number}"));
        }

        state = await drafts.FindAsync(definitionId, cancellationToken);
        return TypedResults.Ok(DefinitionAnswer.Summary(ShownDefinition.Latest(state)!, mayEdit: true));
    }

    internal static async Task<IResult> SavedAsync(
        DraftState state,
        ITrackDrafts drafts,
        CancellationToken cancellationToken
    )
    {
        var shown = ShownDefinition.Latest(state)!;
        var problems = await drafts.CheckAsync(shown.Definition, cancellationToken);
        return TypedResults.Ok(
            new JsonObject
            {
                ["workflowDefinition"] = await DefinitionAnswer.OfAsync(
                    shown,
                    mayEdit: true,
                    drafts,
                    cancellationToken
                ),
                ["alreadyPublished"] = false,
                ["consumingWorkflowCount"] = 0,
                ["problems"] = ProblemAnswer.Of(problems, shown.Definition),
            }
        );
    }

    private static string IdOf(DraftState state) => ShownDefinition.Latest(state)!.DefinitionId;

    private static DraftAuthor AuthorOf(HttpContext http, DesignerRights rights) =>
        new(
            rights.ActorOf(http.User),
            http.Request.Headers[EditorHeader].ToString() is { Length: > 0 and <= 64 } editor ? editor : null
        );

    internal static IResult Refuse(params IEnumerable<string> sentences) =>
        TypedResults.ValidationProblem(new Dictionary<string, string[]> { ["definition"] = [.. sentences] });
}
