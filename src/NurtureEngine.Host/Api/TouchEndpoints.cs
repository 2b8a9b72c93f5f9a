using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using NurtureEngine.Core.Contents;
using NurtureEngine.Core.Touches;
using NurtureEngine.Host.Api.Answers;
using NurtureEngine.Host.Identity;
using NurtureEngine.Host.Scheduling;
using NurtureEngine.Postgres.Touches;

namespace NurtureEngine.Host.Api;

/// <summary>Touches, and a person's yes or no to those that wait for it.</summary>
internal static class TouchEndpoints
{
    private const int MaxReason = 500;

    public static void MapTouches(this IEndpointRouteBuilder api)
    {
        var touches = api.MapGroup("/touches").WithTags("Touches");

        touches
            .MapGet("/", List)
            .WithName("ListTouches")
            .WithSummary("Touches of all leads, or those in one state")
            .Produces<ListOf<TouchView>>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .RequireAuthorization(Scopes.TouchesRead);

        touches
            .MapGet("/{id:guid}", Find)
            .WithName("FindTouch")
            .WithSummary("One touch; with its draft, where a person must see it")
            .Produces<TouchView>()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .RequireAuthorization(Scopes.TouchesRead);

        Decision(
            touches,
            "approve",
            "ApproveTouch",
            "Approve: the touch leaves as drafted, at its next allowed moment",
            (store, decision, now, token) => store.ApproveAsync(decision, now, token)
        );
        Decision(
            touches,
            "return",
            "ReturnTouch",
            "Say no: the touch ends here and the track goes on",
            (store, decision, now, token) => store.ReturnAsync(decision, now, token)
        );

        api.MapGet("/tasks", Tasks)
            .WithTags("Touches")
            .WithName("ListTasks")
            .WithSummary("Work for people: calls, and drafts for accounts that the engine never writes to by itself")
            .Produces<ListOf<TaskView>>()
            .RequireAuthorization(Scopes.TouchesRead);

        api.MapPost("/tasks/{id:guid}/done", CloseTaskAsync)
            .WithTags("Touches")
            .WithName("CloseTask")
            .WithSummary("Says that the work was done")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .RequireAuthorization(Scopes.TouchesApprove);
    }

    private static void Decision(
        RouteGroupBuilder touches,
        string verb,
        string name,
        string summary,
        Func<TouchApprovals, ApprovalDecision, DateTimeOffset, CancellationToken, Task<bool>> decide
    ) =>
        touches
            .MapPost(
                "/{id:guid}/" + verb,
                async (
                    Guid id,
                    [FromBody(EmptyBodyBehavior = EmptyBodyBehavior.Allow)] ApprovalNote? note,
                    ClaimsPrincipal user,
                    TouchApprovals approvals,
                    TouchQueries queries,
                    WorkSignal signal,
                    [FromKeyedServices(Clocks.Business)] TimeProvider business,
                    CancellationToken cancellationToken
                ) =>
                {
                    if (note?.Reason?.Length > MaxReason)
                    {
                        return Problems.BadRequest(
                            $"'reason' has {note.Reason.Length} characters; expected at most {MaxReason}."
                        );
                    }

                    var by = KeyName.Of(user);
                    var decision = new ApprovalDecision(id, by, note?.Reason);
                    var isDone = await decide(approvals, decision, business.GetUtcNow(), cancellationToken);
                    signal.Raise();
                    return await queries.FindAsync(id, cancellationToken) switch
                    {
                        null => Problems.NotFound($"There is no touch {id}."),
                        { } touch when isDone => TypedResults.Ok(TouchView.Of(touch)),
                        { } touch => Problems.Conflict(
                            $"The touch is '{touch.State}'; only one in 'awaiting_approval' can be approved or returned."
                        ),
                    };
                }
            )
            .WithName(name)
            .WithSummary(summary)
            .Produces<TouchView>()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .RequireAuthorization(Scopes.TouchesApprove);

    private static async Task<IResult> CloseTaskAsync(
        Guid id,
        ClaimsPrincipal user,
        TaskStore tasks,
        [FromKeyedServices(Clocks.Business)] TimeProvider business,
        CancellationToken cancellationToken
    )
    {
        var by = KeyName.Of(user);
        return await tasks.CloseAsync(id, by, business.GetUtcNow(), cancellationToken)
            ? TypedResults.NoContent()
            : Problems.Conflict($"There is no open task {id}.");
    }

    private static async Task<IResult> List(
        HttpContext http,
        TouchQueries queries,
        string? state,
        int? limit,
        string? after,
        CancellationToken cancellationToken
    ) =>
        state is not null && !TouchState.All.Contains(state)
            ? Problems.BadRequest(
                $"'state' '{state}' is not known; expected one of {string.Join(", ", TouchState.All)}."
            )
            : await Paging.AnswerAsync<TouchRow, (long, Guid), TouchView>(
                http,
                limit,
                after,
                (key, most) => queries.ListAsync(null, state, key, most, cancellationToken),
                TouchView.Of
            );

    private static async Task<IResult> Find(Guid id, TouchQueries queries, CancellationToken cancellationToken) =>
        await queries.FindAsync(id, cancellationToken) is { } touch
            ? TypedResults.Ok(
                TouchView.Of(touch) with
                {
                    Draft = await queries.FindDraftAsync(touch.LeadId, id, cancellationToken),
                }
            )
            : Problems.NotFound($"There is no touch {id}.");

    private static async Task<IResult> Tasks(
        HttpContext http,
        TouchQueries queries,
        string? state,
        int? limit,
        string? after,
        CancellationToken cancellationToken
    ) =>
        state is not (null or "open" or "done" or "cancelled")
            ? Problems.BadRequest($"'state' '{state}' is not known; expected open, done or cancelled.")
            : await Paging.AnswerAsync<TaskRow, (long, Guid), TaskView>(
                http,
                limit,
                after,
                (key, most) => queries.ListTasksAsync(state, key, most, cancellationToken),
                TaskView.Of
            );
}

/// <summary>A touch; <c>code</c> and <c>argument</c> say why it is in its state. The draft is given for a single touch only.</summary>
internal sealed record TouchView(
    string Id,
    string LeadId,
    string Track,
    string Step,
    string Channel,
    string Content,
    string State,
    string? Code,
    string? Argument,
    DateTimeOffset DueAt,
    DateTimeOffset PlannedAt,
    DateTimeOffset? SettledAt,
    int Attempts,
    string? ApprovedBy,
    DateTimeOffset? ApprovedAt,
    DateTimeOffset? HoldUntil,
    RenderedEmail? Draft
)
{
    public static TouchView Of(TouchRow row) =>
        new(
            row.Id.ToString(),
            row.LeadId.ToString(CultureInfo.InvariantCulture),
            row.Track,
            row.Step,
            row.Channel,
            row.Content,
            row.State,
            row.Code,
            row.Argument,
            row.DueAt,
            row.PlannedAt,
            row.SettledAt,
            row.Attempts,
            row.ApprovedBy,
            row.ApprovedAt,
            row.HoldUntil,
            Draft: null
        );
}

/// <summary>Why a touch is approved or returned, in the words of who did.</summary>
internal sealed record ApprovalNote(string? Reason);

/// <summary>A task: <c>bespoke_email</c>, whose draft is that of its touch, or <c>call</c>, with a subject and no touch.</summary>
internal sealed record TaskView(
    string Id,
    string? TouchId,
    string LeadId,
    string Kind,
    string State,
    string? Subject,
    DateTimeOffset? DueAt,
    DateTimeOffset CreatedAt,
    string? ClosedBy,
    DateTimeOffset? ClosedAt
)
{
    public static TaskView Of(TaskRow row) =>
        new(
            row.Id.ToString(),
            row.Kind == "call" ? null : row.Id.ToString(),
            row.LeadId.ToString(CultureInfo.InvariantCulture),
            row.Kind,
            row.State,
            row.Subject,
            row.DueAt,
            row.CreatedAt,
            row.ClosedBy,
            row.ClosedAt
        );
}
