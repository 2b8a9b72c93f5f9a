using System.Security.Claims;
using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Touches;
using NurtureEngine.Host.Api.Answers;
using NurtureEngine.Host.Identity;
using NurtureEngine.Host.Scheduling;
using NurtureEngine.Postgres.Touches;

namespace NurtureEngine.Host.Api;

/// <summary>Addresses to which nothing is sent. They are named in bodies: an address is personal data, and paths stand in logs.</summary>
internal static class SuppressionEndpoints
{
    private const int MaxNote = 500;

    public static void MapSuppressions(this IEndpointRouteBuilder api)
    {
        var suppressions = api.MapGroup("/suppressions").WithTags("Suppressions");

        suppressions
            .MapPost("/find", FindAsync)
            .WithName("FindSuppression")
            .WithSummary("Why nothing is sent to an address, in whatever spelling, and what the mail system said")
            .Produces<SuppressedAddress>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .RequireAuthorization(Scopes.LeadsRead);

        suppressions
            .MapPost("/lift", LiftAsync)
            .WithName("LiftSuppression")
            .WithSummary("Takes a bounce back that was a mistake; an unsubscribe or a complaint stays")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .RequireAuthorization(Scopes.TouchesSettle);
    }

    private static async Task<IResult> FindAsync(
        AddressQuery query,
        SuppressionStore store,
        CancellationToken cancellationToken
    ) =>
        !EmailAddress.IsValid(query.Address ?? "") ? NoAddress()
        : await store.FindAsync(Channel.Email, query.Address!, cancellationToken) is { } found ? TypedResults.Ok(found)
        : NotSuppressed();

    private static async Task<IResult> LiftAsync(
        LiftNote note,
        ClaimsPrincipal user,
        SuppressionStore store,
        [FromKeyedServices(Clocks.Business)] TimeProvider business,
        CancellationToken cancellationToken
    )
    {
        if (!EmailAddress.IsValid(note.Address ?? ""))
        {
            return NoAddress();
        }

        if (string.IsNullOrWhiteSpace(note.Reason) || note.Reason.Length > MaxNote)
        {
            return Problems.BadRequest(
                $"'reason' is missing or too long; expected 1 to {MaxNote} characters for those who ask later."
            );
        }

        if (
            await store.LiftAsync(
                Channel.Email,
                note.Address!,
                note.Reason.Trim(),
                KeyName.Of(user),
                business.GetUtcNow(),
                cancellationToken
            )
        )
        {
            return TypedResults.NoContent();
        }

        return await store.FindAsync(Channel.Email, note.Address!, cancellationToken) is { } found
            ? Problems.Conflict(
                $"The address has '{found.Reason}': only a bounce can be lifted, since the reader alone takes a word of theirs back."
            )
            : NotSuppressed();
    }

    private static IResult NoAddress() =>
        Problems.BadRequest("'address' is no e-mail address; expected one such as ann@example.com.");

    private static IResult NotSuppressed() => Problems.NotFound("The address is not suppressed.");
}

/// <summary>An address that is asked about.</summary>
internal sealed record AddressQuery(string? Address);

/// <summary>Which address is written to again, and why.</summary>
internal sealed record LiftNote(string? Address, string? Reason);
