using System.Globalization;
using System.Security.Claims;
using System.Text;
using System.Text.Json;
using NurtureEngine.Core.Rulebooks;
using NurtureEngine.Host.Api.Answers;
using NurtureEngine.Host.Identity;
using NurtureEngine.Host.Intake;
using NurtureEngine.Host.Scheduling;
using NurtureEngine.Host.Tracks;
using NurtureEngine.Postgres.Settings;

namespace NurtureEngine.Host.Api;

/// <summary>The marketing settings: looked at, and changed as a whole.</summary>
internal static class RulebookEndpoints
{
    private const int MaxBody = 1024 * 1024;

    public static void MapRulebook(this IEndpointRouteBuilder api)
    {
        var rulebook = api.MapGroup("/rulebook").WithTags("Rulebook");

        rulebook
            .MapGet("/", FindCurrentAsync)
            .WithName("FindRulebook")
            .WithSummary("The marketing settings in force")
            .Produces<RulebookView>()
            .RequireAuthorization(Scopes.RulebookRead);

        rulebook
            .MapPut("/", ReplaceAsync)
            .WithName("ReplaceRulebook")
            .WithSummary(
                "Puts other marketing settings in force, within a second on every host; If-Match names the version that they replace"
            )
            .Accepts<JsonElement>("application/json")
            .Produces<RulebookView>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed)
            .ProducesProblem(StatusCodes.Status428PreconditionRequired)
            .RequireAuthorization(Scopes.RulebookWrite);

        rulebook
            .MapGet("/versions", ListAsync)
            .WithName("ListRulebookVersions")
            .WithSummary("Who changed the marketing settings when, newest first")
            .Produces<ListOf<RulebookView>>()
            .RequireAuthorization(Scopes.RulebookRead);

        rulebook
            .MapGet("/versions/{version:int}", FindAsync)
            .WithName("FindRulebookVersion")
            .WithSummary("The marketing settings as a verdict cites them")
            .Produces<RulebookView>()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .RequireAuthorization(Scopes.RulebookRead);
    }

    private static async Task<IResult> FindCurrentAsync(
        HttpResponse response,
        RulebookStore store,
        CancellationToken cancellationToken
    )
    {
        var (version, _) = (await store.FindCurrentAsync(cancellationToken))!.Value;
        response.Headers.ETag = $"\"{version}\"";
        return await FindAsync(version, store, cancellationToken);
    }

    private static async Task<IResult> FindAsync(
        int version,
        RulebookStore store,
        CancellationToken cancellationToken
    ) =>
        await store.FindAsync(version, cancellationToken) is { } found
            ? TypedResults.Ok(RulebookView.Of(found))
            : Problems.NotFound($"There is no version {version} of the rulebook.");

    private static Task<IResult> ListAsync(
        HttpContext http,
        RulebookStore store,
        int? limit,
        string? after,
        CancellationToken cancellationToken
    ) =>
        Paging.AnswerAsync<RulebookVersion, int, RulebookView>(
            http,
            limit,
            after,
            (key, most) => store.ListAsync(key == 0 ? null : key, most, cancellationToken),
            RulebookView.Of
        );

    private static async Task<IResult> ReplaceAsync(
        HttpRequest request,
        ClaimsPrincipal user,
        RulebookStore store,
        TrackCatalog tracks,
        WorkSignal signal,
        [FromKeyedServices(Clocks.Business)] TimeProvider business,
        CancellationToken cancellationToken
    )
    {
        if (
            !int.TryParse($"{request.Headers.IfMatch}".Trim().Trim('"'), CultureInfo.InvariantCulture, out var expected)
        )
        {
            return TypedResults.Problem(
                "The header 'If-Match' is missing or no version; expected the ETag of the rulebook that is replaced, such as \"3\".",
                statusCode: StatusCodes.Status428PreconditionRequired
            );
        }

        if (await RequestBody.ReadAsync(request, MaxBody, cancellationToken) is not { } body)
        {
            return Problems.BadRequest($"The body is larger than {MaxBody} bytes.");
        }

        if (RulebookReader.TryRead(body, expected, out var faults) is null)
        {
            return Problems.Faults(faults);
        }

        var version = await store.ReplaceAsync(
            Encoding.UTF8.GetString(body),
            expected,
            KeyName.Of(user),
            business.GetUtcNow(),
            cancellationToken
        );
        if (version is null)
        {
            return TypedResults.Problem(
                $"Version {expected} is not the one in force; somebody has changed the rulebook meanwhile.",
                statusCode: StatusCodes.Status412PreconditionFailed
            );
        }

        await tracks.RefreshAsync(always: true, cancellationToken);
        signal.Raise();
        request.HttpContext.Response.Headers.ETag = $"\"{version}\"";
        return await FindAsync(version.Value, store, cancellationToken);
    }
}

/// <summary>A version of the rulebook; <c>content</c> is left out in lists.</summary>
internal sealed record RulebookView(int Version, string ChangedBy, DateTimeOffset ChangedAt, JsonElement? Content)
{
    public static RulebookView Of(RulebookVersion row) =>
        new(
            row.Version,
            row.ChangedBy,
            row.ChangedAt,
            row.Content is null ? null : JsonDocument.Parse(row.Content).RootElement
        );
}
