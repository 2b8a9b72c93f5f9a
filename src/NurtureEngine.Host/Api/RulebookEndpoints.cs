using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using NurtureEngine.Host.Api.Answers;
using NurtureEngine.Host.Identity;
using NurtureEngine.Host.Intake;
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
            .MapPatch("/", PatchAsync)
            .WithName("PatchRulebook")
            .WithSummary(
                "Changes some of the marketing settings, as a JSON merge patch (RFC 7396); If-Match as for PUT, or * for whichever version is in force"
            )
            .Accepts<JsonElement>(MergePatch.MediaType)
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
        RulebookChange change,
        CancellationToken cancellationToken
    )
    {
        if (ExpectedOf(request) is not { } expected)
        {
            return NoVersion("the ETag of the rulebook that is replaced, such as \"3\"");
        }

        return await RequestBody.ReadAsync(request, MaxBody, cancellationToken) is { } body
            ? await change.PutInForceAsync(request.HttpContext, body, expected, cancellationToken)
            : Problems.BadRequest($"The body is larger than {MaxBody} bytes.");
    }

    private static async Task<IResult> PatchAsync(
        HttpRequest request,
        RulebookStore store,
        RulebookChange change,
        CancellationToken cancellationToken
    )
    {
        var isAny = $"{request.Headers.IfMatch}".Trim() == "*";
        var named = ExpectedOf(request);
        if (!isAny && named is null)
        {
            return NoVersion("the ETag of the rulebook that is changed, such as \"3\", or *");
        }

        if (await RequestBody.ReadAsync(request, MaxBody, cancellationToken) is not { } body)
        {
            return Problems.BadRequest($"The body is larger than {MaxBody} bytes.");
        }

        while (true)
        {
            var (current, content) = (await store.FindCurrentAsync(cancellationToken))!.Value;
            if (named is { } version && version != current)
            {
                return RulebookChange.Stale(version);
            }

            if (MergePatch.TryApply(content, body, out var fault) is not { } merged)
            {
                return Problems.BadRequest(fault!);
            }

            var answer = await change.PutInForceAsync(request.HttpContext, merged, current, cancellationToken);
            // Whoever changes whichever version is in force has no quarrel with the one who was quicker.
            if (!isAny || answer is not ProblemHttpResult { StatusCode: StatusCodes.Status412PreconditionFailed })
            {
                return answer;
            }
        }
    }

    private static int? ExpectedOf(HttpRequest request) =>
        int.TryParse($"{request.Headers.IfMatch}".Trim().Trim('"'), CultureInfo.InvariantCulture, out var version)
            ? version
            : null;

    private static IResult NoVersion(string expected) =>
        TypedResults.Problem(
            $"The header 'If-Match' is missing or no version; expected {expected}.",
            statusCode: StatusCodes.Status428PreconditionRequired
        );
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
