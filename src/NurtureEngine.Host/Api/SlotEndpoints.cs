using System.Text.Json;
using NurtureEngine.Core.Channels;
using NurtureEngine.Host.Api.Answers;
using NurtureEngine.Host.Identity;
using NurtureEngine.Host.Scheduling;
using NurtureEngine.Postgres.Touches;

namespace NurtureEngine.Host.Api;

/// <summary>What is going to leave, and when.</summary>
internal static class SlotEndpoints
{
    public static void MapSlots(this IEndpointRouteBuilder api) =>
        api.MapGet("/slots", List)
            .WithTags("Touches")
            .WithName("ListSlots")
            .WithSummary(
                "The send slots of the next 48 hours: each minute in which touches are due, the first one first; overdue ones are in the current minute"
            )
            .Produces<ListOf<SlotView>>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .RequireAuthorization(Scopes.TouchesRead);

    private static Task<IResult> List(
        HttpContext http,
        SlotQueries slots,
        ChannelSet channels,
        [FromKeyedServices(Clocks.Business)] TimeProvider business,
        int? limit,
        string? after,
        CancellationToken cancellationToken
    ) =>
        Paging.AnswerAsync<SlotRow, (DateTimeOffset, string), SlotView>(
            http,
            limit,
            after,
            (key, most) => slots.ListAsync(channels.Names, business.GetUtcNow(), key, most, cancellationToken),
            SlotView.Of
        );
}

/// <summary>
/// A slot (UTC, to the minute) with the touches that are planned for it now; <c>expected</c> are the enrollments that are due before it and may plan
/// more.
/// </summary>
internal sealed record SlotView(
    string Channel,
    DateTimeOffset Slot,
    long Touches,
    IReadOnlyList<SlotPart> Parts,
    long Expected
)
{
    public static SlotView Of(SlotRow row) =>
        new(
            row.Channel,
            row.SlotAt,
            row.Touches,
            JsonSerializer.Deserialize<SlotPart[]>(row.Parts, JsonSerializerOptions.Web)!,
            row.Expected
        );
}

/// <summary>How many touches of a slot are of one track and for one role; null for leads without one.</summary>
internal sealed record SlotPart(string Track, string? Role, long Touches);
