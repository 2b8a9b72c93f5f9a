using System.Globalization;
using NurtureEngine.Host.Api.Answers;
using NurtureEngine.Host.Identity;
using NurtureEngine.Host.Scheduling;
using NurtureEngine.Postgres.Outgoing;

namespace NurtureEngine.Host.Api;

/// <summary>Messages to other systems and colleagues.</summary>
internal static class OutboxEndpoints
{
    private static readonly string[] States = ["waiting", "sent", "dead"];

    public static void MapOutbox(this IEndpointRouteBuilder api)
    {
        api.MapGet("/outbox", List)
            .WithTags("Outbox")
            .WithName("ListOutbox")
            .WithSummary("Messages to other systems and colleagues, without their contents")
            .Produces<ListOf<OutboxView>>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .RequireAuthorization(Scopes.InboxRead);

        api.MapPost("/outbox/{id:guid}/retry", RetryAsync)
            .WithTags("Outbox")
            .WithName("RetryMessage")
            .WithSummary("Sends a message now that was given up, or that waits for another attempt")
            .Produces(StatusCodes.Status202Accepted)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .RequireAuthorization(Scopes.InboxReplay);
    }

    private static async Task<IResult> RetryAsync(
        Guid id,
        OutboxStore store,
        WorkSignal signal,
        CancellationToken cancellationToken
    )
    {
        if (!await store.RetryAsync(id, cancellationToken))
        {
            return Problems.NotFound($"There is no message {id} that was given up or waits.");
        }

        signal.Raise();
        return TypedResults.Accepted("/api/outbox?state=waiting");
    }

    private static async Task<IResult> List(
        HttpContext http,
        OutboxStore store,
        string? state,
        int? limit,
        string? after,
        CancellationToken cancellationToken
    ) =>
        state is not null && !States.Contains(state)
            ? Problems.BadRequest($"'state' '{state}' is not known; expected one of {string.Join(", ", States)}.")
            : await Paging.AnswerAsync<OutboxEntry, Guid, OutboxView>(
                http,
                limit,
                after,
                (key, most) => store.ListAsync(state, key, most, cancellationToken),
                OutboxView.Of
            );
}

/// <summary>A message; <c>fault</c> says what the last attempt met with.</summary>
internal sealed record OutboxView(
    string Id,
    string LeadId,
    string Kind,
    string Target,
    string State,
    int Attempts,
    string? Fault,
    DateTimeOffset CreatedAt,
    DateTimeOffset? SettledAt
)
{
    public static OutboxView Of(OutboxEntry row) =>
        new(
            row.Id.ToString(),
            row.LeadId.ToString(CultureInfo.InvariantCulture),
            row.Kind,
            row.Target,
            row.State,
            row.Attempts,
            row.Fault,
            row.CreatedAt,
            row.SettledAt
        );
}
