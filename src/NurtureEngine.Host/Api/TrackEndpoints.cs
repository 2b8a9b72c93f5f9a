using System.Globalization;
using System.Security.Claims;
using NurtureEngine.Core.People;
using NurtureEngine.Core.Tracks.Acts;
using NurtureEngine.Core.Tracks.Running;
using NurtureEngine.Host.Api.Answers;
using NurtureEngine.Host.Identity;
using NurtureEngine.Postgres.Tracks;

namespace NurtureEngine.Host.Api;

/// <summary>Tracks and the leads in them.</summary>
internal static class TrackEndpoints
{
    public static void MapTracks(this IEndpointRouteBuilder api)
    {
        api.MapGet(
                "/tracks",
                async (EnrollmentQueries queries, CancellationToken cancellationToken) =>
                    TypedResults.Ok(
                        new ListOf<TrackView>(
                            [.. (await queries.ListTracksAsync(cancellationToken)).Select(TrackView.Of)],
                            null
                        )
                    )
            )
            .WithTags("Tracks")
            .WithName("ListTracks")
            .WithSummary("The published tracks")
            .RequireAuthorization(Scopes.TracksRead);

        api.MapGet("/enrollments", List)
            .WithTags("Tracks")
            .WithName("ListEnrollments")
            .WithSummary("Enrollments of all leads: active, completed, exited, parked or paused")
            .Produces<ListOf<EnrollmentView>>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .RequireAuthorization(Scopes.TracksRead);

        api.MapPost("/enrollments/{id:long}/retry", RetryAsync)
            .WithTags("Tracks")
            .WithName("RetryEnrollment")
            .WithSummary("Lets a parked enrollment go on where it stands, once what stopped it is fixed")
            .Produces(StatusCodes.Status202Accepted)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .RequireAuthorization(Scopes.TracksWrite);
    }

    private static async Task<IResult> RetryAsync(
        long id,
        ClaimsPrincipal user,
        IEnrollmentDesk desk,
        CancellationToken cancellationToken
    )
    {
        if (!await desk.RetryAsync(id, AuditEntry.ActorOfKey(KeyName.Of(user)), cancellationToken))
        {
            return Problems.NotFound($"There is no parked enrollment {id}; only a parked one can be tried again.");
        }

        return TypedResults.Accepted($"/api/enrollments?state=active");
    }

    private static async Task<IResult> List(
        HttpContext http,
        EnrollmentQueries queries,
        string? state,
        int? limit,
        string? after,
        CancellationToken cancellationToken
    )
    {
        short? wanted = null;
        if (state is not null)
        {
            if (
                !Enum.TryParse<EnrollmentState>(state, ignoreCase: true, out var parsed)
                || !Enum.IsDefined(parsed)
                || char.IsAsciiDigit(state[0])
            )
            {
                return Problems.BadRequest(
                    $"'state' '{state}' is not known; expected active, completed, exited, parked or paused."
                );
            }

            wanted = (short)parsed;
        }

        return await Paging.AnswerAsync<EnrollmentRow, (long, long), EnrollmentView>(
            http,
            limit,
            after,
            (key, most) => queries.ListAsync(null, wanted, key, most, cancellationToken),
            EnrollmentView.Of
        );
    }
}

/// <summary>A published track; <c>pausedAt</c> is null unless it is paused.</summary>
internal sealed record TrackView(string DefinitionId, int Version, DateTimeOffset PublishedAt, DateTimeOffset? PausedAt)
{
    public static TrackView Of(TrackRow row) => new(row.DefinitionId, row.Number, row.PublishedAt, row.PausedAt);
}

/// <summary>A lead in a track; <c>code</c> and <c>argument</c> say why it is parked or was exited; <c>dueAt</c> is null while it waits for a touch, and once it has ended.</summary>
internal sealed record EnrollmentView(
    string Id,
    string LeadId,
    string Track,
    int Version,
    string State,
    DateTimeOffset? DueAt,
    DateTimeOffset EnteredAt,
    DateTimeOffset? EndedAt,
    string? Code,
    string? Argument,
    IReadOnlyList<string> HeldBy
)
{
    public static EnrollmentView Of(EnrollmentRow row) =>
        new(
            row.Id.ToString(CultureInfo.InvariantCulture),
            row.LeadId.ToString(CultureInfo.InvariantCulture),
            row.Track,
            row.Version,
            ((EnrollmentState)row.State).ToString().ToLowerInvariant(),
            row.DueAt,
            row.EnteredAt,
            row.EndedAt,
            row.Code,
            row.Argument,
            row.HeldBy ?? []
        );
}
