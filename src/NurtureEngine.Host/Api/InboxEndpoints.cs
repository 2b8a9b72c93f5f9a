using System.Globalization;
using NurtureEngine.Core.Diagnostics;
using NurtureEngine.Host.Api.Answers;
using NurtureEngine.Host.Identity;
using NurtureEngine.Host.Scheduling;
using NurtureEngine.Postgres.Intake;

namespace NurtureEngine.Host.Api;

/// <summary>What came in, and the dead letters that can be replayed once their cause is gone.</summary>
internal static class InboxEndpoints
{
    private static readonly string[] States = ["pending", "applied", "dead"];

    public static void MapInbox(this IEndpointRouteBuilder api)
    {
        var inbox = api.MapGroup("/inbox").WithTags("Inbox");

        inbox
            .MapGet("/", List)
            .WithName("ListInbox")
            .WithSummary("Events as they came in, newest first; state=dead shows the dead letters and why")
            .Produces<ListOf<InboxView>>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .RequireAuthorization(Scopes.InboxRead);

        inbox
            .MapPost("/replay", ReplayAllAsync)
            .AddEndpointFilter(new OnlyQuery("source", "type", "faultCode", "from", "until"))
            .WithName("ReplayEvents")
            .WithSummary(
                "Put dead letters back in line: all that fit the source, type, faultCode, from and until that are given"
            )
            .Produces<ReplayedView>(StatusCodes.Status202Accepted)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .RequireAuthorization(Scopes.InboxReplay);

        inbox
            .MapPost("/{id:long}/replay", Replay)
            .WithName("ReplayEvent")
            .WithSummary("Put a dead letter back in line")
            .Produces(StatusCodes.Status202Accepted)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .RequireAuthorization(Scopes.InboxReplay);
    }

    private static async Task<IResult> List(
        HttpContext http,
        InboxStore store,
        string? state,
        int? limit,
        string? after,
        CancellationToken cancellationToken
    ) =>
        state is not null && !States.Contains(state)
            ? Problems.BadRequest($"'state' '{state}' is not known; expected {string.Join(", ", States)}.")
            : await Paging.AnswerAsync<InboxRow, long, InboxView>(
                http,
                limit,
                after,
                (key, most) => store.ListAsync(state, key, most, cancellationToken),
                InboxView.Of
            );

    private static async Task<IResult> ReplayAllAsync(
        InboxStore store,
        WorkSignal signal,
        string? source,
        string? type,
        string? faultCode,
        string? from,
        string? until,
        CancellationToken cancellationToken
    )
    {
        var (since, before) = (MomentOf(from), MomentOf(until));
        if ((since is null && from is not null) || (before is null && until is not null))
        {
            return Problems.BadRequest(
                "'from' or 'until' is no instant; expected ISO 8601 with an offset, such as 2026-01-31T09:30:00Z."
            );
        }

        if (new[] { source, type, faultCode }.OfType<string>().Any(text => text.Any(char.IsControl)))
        {
            return Problems.BadRequest("'source', 'type' or 'faultCode' holds control characters; expected none.");
        }

        var filter = new ReplayFilter(source, type, faultCode, since, before);
        var replayed = await store.ReplayAllAsync(filter, cancellationToken);
        signal.Raise();
        return TypedResults.Accepted((string?)null, new ReplayedView(replayed, replayed == InboxStore.MostReplayed));

        static DateTimeOffset? MomentOf(string? text) =>
            text is not null && IsoInstant.TryParse(text, out var at) ? at : null;
    }

    private static async Task<IResult> Replay(
        long id,
        InboxStore store,
        WorkSignal signal,
        CancellationToken cancellationToken
    )
    {
        if (!await store.ReplayAsync(id, cancellationToken))
        {
            return Problems.NotFound($"There is no dead letter {id}.");
        }

        signal.Raise();
        return TypedResults.Accepted((string?)null);
    }
}

/// <summary>How many dead letters are back in line; where there may be more, call again.</summary>
internal sealed record ReplayedView(int Replayed, bool MayBeMore);

/// <summary>An event that came in; <c>faultCode</c> and <c>fault</c> say why it is a dead letter.</summary>
internal sealed record InboxView(
    string Id,
    string Source,
    string EventId,
    string Type,
    string State,
    DateTimeOffset ReceivedAt,
    DateTimeOffset? SettledAt,
    int Attempts,
    string? FaultCode,
    string? Fault
)
{
    public static InboxView Of(InboxRow row) =>
        new(
            row.Id.ToString(CultureInfo.InvariantCulture),
            row.Source,
            row.EventId,
            row.Type,
            row.State,
            row.ReceivedAt,
            row.SettledAt,
            row.Attempts,
            row.FaultCode,
            row.Fault
        );
}
