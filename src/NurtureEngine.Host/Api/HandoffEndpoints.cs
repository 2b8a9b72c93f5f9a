using System.Globalization;
using System.Security.Claims;
using NurtureEngine.Core.Handoffs;
using NurtureEngine.Host.Api.Answers;
using NurtureEngine.Host.Identity;
using NurtureEngine.Host.Scheduling;
using NurtureEngine.Postgres.Handoffs;
using NurtureEngine.Postgres.Tracks;

namespace NurtureEngine.Host.Api;

/// <summary>Leads given to sales, and what sales says.</summary>
internal static class HandoffEndpoints
{
    private const int MaxReason = 500;

    public static void MapHandoffs(this IEndpointRouteBuilder api)
    {
        var handoffs = api.MapGroup("/handoffs").WithTags("Hand-offs");

        handoffs
            .MapGet("/", List)
            .WithName("ListHandoffs")
            .WithSummary("Leads given to sales: offered, accepted, rejected or recycled")
            .Produces<ListOf<HandoffView>>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .RequireAuthorization(Scopes.HandoffsRead);

        foreach (
            var (verb, name, outcome, summary) in new[]
            {
                ("accept", "AcceptHandoff", HandoffOutcome.Accepted, "Sales takes the lead"),
                (
                    "reject",
                    "RejectHandoff",
                    HandoffOutcome.Rejected,
                    "Sales does not take the lead; the reason is needed"
                ),
                (
                    "recycle",
                    "RecycleHandoff",
                    HandoffOutcome.Recycled,
                    "Sales gives the lead back to nurturing, to a named track or to those that wait for it; the reason is needed"
                ),
            }
        )
        {
            handoffs
                .MapPost($"/{{id:guid}}/{verb}", Answer(outcome))
                .WithName(name)
                .WithSummary(summary)
                .Produces<HandoffView>()
                .ProducesProblem(StatusCodes.Status400BadRequest)
                .ProducesProblem(StatusCodes.Status404NotFound)
                .ProducesProblem(StatusCodes.Status409Conflict)
                .RequireAuthorization(Scopes.HandoffsWrite);
        }
    }

    private static Delegate Answer(string outcome) =>
        async (
            Guid id,
            HandoffNote? note,
            ClaimsPrincipal user,
            HandoffStore store,
            TrackStore tracks,
            WorkSignal signal,
            [FromKeyedServices(Clocks.Business)] TimeProvider business,
            CancellationToken cancellationToken
        ) =>
        {
            var known = note?.Track is null ? [] : await tracks.FindCurrentIdsAsync(cancellationToken);
            if (Fault(outcome, note, known) is { } fault)
            {
                return Problems.BadRequest(fault);
            }

            var answer = new HandoffAnswer(
                id,
                outcome,
                user.FindFirstValue(ClaimTypes.Name) ?? "unknown",
                note?.Reason,
                note?.Track
            );
            var isDone = await store.SettleAsync(answer, business.GetUtcNow(), cancellationToken);
            signal.Raise();
            return await store.FindAsync(id, cancellationToken) switch
            {
                null => Problems.NotFound($"There is no hand-off {id}."),
                { } row when isDone => TypedResults.Ok(HandoffView.Of(row)),
                { } row => Problems.Conflict(
                    $"The hand-off is '{row.State}'; expected {string.Join(" or ", HandoffOutcome.Before(outcome))}."
                ),
            };
        };

    private static string? Fault(string outcome, HandoffNote? note, IReadOnlyList<string> known) =>
        outcome != HandoffOutcome.Accepted && string.IsNullOrWhiteSpace(note?.Reason)
            ? "'reason' is missing; expected why the lead is not taken."
        : note?.Reason?.Length > MaxReason
            ? $"'reason' has {note.Reason.Length} characters; expected at most {MaxReason}."
        : note?.Track is { } track && outcome != HandoffOutcome.Recycled
            ? $"'track' '{track}' is given; expected it where a lead is recycled only."
        : note?.Track is { } target && !known.Contains(target)
            ? $"'track' '{target}' is no track; expected one of {string.Join(", ", known)}."
        : null;

    private static async Task<IResult> List(
        HttpContext http,
        HandoffStore store,
        string? state,
        int? limit,
        string? after,
        CancellationToken cancellationToken
    ) =>
        state is not null && !HandoffOutcome.All.Contains(state)
            ? Problems.BadRequest(
                $"'state' '{state}' is not known; expected one of {string.Join(", ", HandoffOutcome.All)}."
            )
            : await Paging.AnswerAsync<HandoffRow, (long, Guid), HandoffView>(
                http,
                limit,
                after,
                (key, most) => store.ListAsync(state, key, most, cancellationToken),
                HandoffView.Of
            );
}

/// <summary>Why; and, where a lead is recycled, the track that it goes on to.</summary>
internal sealed record HandoffNote(string? Reason, string? Track);

/// <summary>A lead given to sales. Without an owner nobody was written to.</summary>
internal sealed record HandoffView(
    string Id,
    string LeadId,
    string EnrollmentId,
    string State,
    string? Owner,
    string Subject,
    string Brief,
    DateTimeOffset CreatedAt,
    DateTimeOffset? DueAt,
    string? SettledBy,
    DateTimeOffset? SettledAt,
    string? Reason
)
{
    public static HandoffView Of(HandoffRow row) =>
        new(
            row.Id.ToString(),
            row.LeadId.ToString(CultureInfo.InvariantCulture),
            row.EnrollmentId.ToString(CultureInfo.InvariantCulture),
            row.State,
            row.Owner,
            row.Subject,
            row.Brief,
            row.CreatedAt,
            row.DueAt,
            row.SettledBy,
            row.SettledAt,
            row.Reason
        );
}
