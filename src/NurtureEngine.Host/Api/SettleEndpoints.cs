using System.Security.Claims;
using NurtureEngine.Core.Contents;
using NurtureEngine.Host.Api.Answers;
using NurtureEngine.Host.Identity;
using NurtureEngine.Host.Scheduling;
using NurtureEngine.Host.Touches;
using NurtureEngine.Postgres.Touches;

namespace NurtureEngine.Host.Api;

/// <summary>Messages as they left, and a person's word on those of which nobody knows whether they did.</summary>
internal static class SettleEndpoints
{
    public static void MapSettling(this IEndpointRouteBuilder api)
    {
        var touches = api.MapGroup("/touches").WithTags("Touches");

        touches
            .MapGet("/{id:guid}/message", FindMessageAsync)
            .WithName("FindMessage")
            .WithSummary("The message as the lead got it, and where its links lead; kept for 90 days")
            .Produces<MessageView>()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .RequireAuthorization(Scopes.TouchesRead);

        touches
            .MapPost("/{id:guid}/settle", SettleOneAsync)
            .WithName("SettleTouch")
            .WithSummary("Says whether an uncertain touch has left: outcome 'accepted' or 'rejected'")
            .Produces<SettledCount>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .RequireAuthorization(Scopes.TouchesSettle);

        touches
            .MapPost("/settle", SettleManyAsync)
            .WithName("SettleTouches")
            .WithSummary("Says so of many: those named in 'touches', or all that became uncertain up to 'until'")
            .Produces<SettledCount>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .RequireAuthorization(Scopes.TouchesSettle);
    }

    private static async Task<IResult> FindMessageAsync(
        Guid id,
        MessageStore store,
        CancellationToken cancellationToken
    ) =>
        await store.FindAsync(id, cancellationToken) is { } kept
            ? TypedResults.Ok(new MessageView(kept.RecordedAt, MessageArchive.Unpack(kept.Body), kept.Links))
            : Problems.NotFound($"Of touch {id} there is no message: none left, or it is kept no longer.");

    private static async Task<IResult> SettleOneAsync(
        Guid id,
        OutcomeNote note,
        ClaimsPrincipal user,
        TouchSettle settle,
        [FromKeyedServices(Clocks.Business)] TimeProvider business,
        CancellationToken cancellationToken
    )
    {
        if (HaveLeft(note.Outcome) is not { } haveLeft)
        {
            return UnknownOutcome(note.Outcome);
        }

        var order = new SettleOrder([id], null, haveLeft);
        var count = await settle.SettleAsync(order, KeyName.Of(user), business.GetUtcNow(), cancellationToken);
        return count == 1
            ? TypedResults.Ok(new SettledCount(count))
            : Problems.Conflict($"There is no uncertain touch {id}; only an uncertain one can be settled.");
    }

    private static async Task<IResult> SettleManyAsync(
        SettleNote note,
        ClaimsPrincipal user,
        TouchSettle settle,
        [FromKeyedServices(Clocks.Business)] TimeProvider business,
        CancellationToken cancellationToken
    )
    {
        if (HaveLeft(note.Outcome) is not { } haveLeft)
        {
            return UnknownOutcome(note.Outcome);
        }

        if (note.Touches is null == note.Until is null)
        {
            return Problems.BadRequest(
                "'touches' or 'until' is expected, one of them: ids of touches, or a moment such as 2026-01-31T09:30:00Z."
            );
        }

        if (note.Touches?.Length > TouchSettle.Most)
        {
            return Problems.BadRequest($"'touches' names {note.Touches.Length}; expected at most {TouchSettle.Most}.");
        }

        var order = new SettleOrder(note.Touches, note.Until, haveLeft);
        var count = await settle.SettleAsync(order, KeyName.Of(user), business.GetUtcNow(), cancellationToken);
        return TypedResults.Ok(new SettledCount(count));
    }

    private static bool? HaveLeft(string? outcome) =>
        outcome switch
        {
            "accepted" => true,
            "rejected" => false,
            _ => null,
        };

    private static IResult UnknownOutcome(string? outcome) =>
        Problems.BadRequest(
            $"'outcome' '{outcome}' is not known; expected accepted (it has left) or rejected (it has not)."
        );
}

/// <summary>A message as it left.</summary>
internal sealed record MessageView(DateTimeOffset WrittenAt, RenderedEmail Email, string[] Links);

/// <summary>Whether a touch has left: <c>accepted</c> or <c>rejected</c>.</summary>
internal sealed record OutcomeNote(string? Outcome);

/// <summary>Whether touches have left: <c>accepted</c> or <c>rejected</c>; these, or all up to a moment.</summary>
internal sealed record SettleNote(string? Outcome, Guid[]? Touches, DateTimeOffset? Until);

/// <summary>How many touches were settled.</summary>
internal sealed record SettledCount(int Settled);
