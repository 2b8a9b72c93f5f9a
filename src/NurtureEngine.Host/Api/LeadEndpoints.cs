using System.Globalization;
using System.Security.Claims;
using System.Text.Json;
using System.Text.Json.Nodes;
using NurtureEngine.Core.Reports;
using NurtureEngine.Host.Api.Answers;
using NurtureEngine.Host.Identity;
using NurtureEngine.Postgres.Leads;
using NurtureEngine.Postgres.Touches;
using NurtureEngine.Postgres.Tracks;

namespace NurtureEngine.Host.Api;

/// <summary>Leads, and what is known, has happened and is planned for each.</summary>
internal static class LeadEndpoints
{
    public static void MapLeads(this IEndpointRouteBuilder api)
    {
        var leads = api.MapGroup("/leads").WithTags("Leads").RequireAuthorization(Scopes.LeadsRead).WithinReach();
        var ofOneLead = leads.MapGroup("/{id:long}").AddEndpointFilter(ExistingLeadAsync);

        leads
            .MapGet(
                "/",
                (
                    HttpContext http,
                    LeadQueries queries,
                    ILeadSight sight,
                    string? source,
                    string? externalId,
                    int? limit,
                    string? after,
                    CancellationToken cancellationToken
                ) =>
                    source is not null && externalId is null
                        ? Task.FromResult(Problems.BadRequest("'source' says whose 'externalId' is meant; give both."))
                        : Paging.AnswerAsync<LeadRow, long, LeadView>(
                            http,
                            limit,
                            after,
                            async (key, most) =>
                                await queries.ListAsync(
                                    source,
                                    externalId,
                                    await sight.OfAsync(http.User, cancellationToken),
                                    key,
                                    most,
                                    cancellationToken
                                ),
                            LeadView.Of
                        )
            )
            .WithName("ListLeads")
            .WithSummary("Leads by id, or those that a source knows by an external id")
            .Produces<ListOf<LeadView>>()
            .ProducesProblem(StatusCodes.Status400BadRequest);

        leads
            .MapGet(
                "/{id:long}",
                async (
                    ClaimsPrincipal user,
                    LeadQueries queries,
                    ILeadSight sight,
                    long id,
                    CancellationToken cancellationToken
                ) =>
                    await queries.FindAsync(id, await sight.OfAsync(user, cancellationToken), cancellationToken)
                        is { } lead
                        ? TypedResults.Ok(LeadView.Of(lead))
                        : Problems.NotFound($"There is no lead {id}.")
            )
            .WithName("FindLead")
            .WithSummary("One lead")
            .Produces<LeadView>()
            .ProducesProblem(StatusCodes.Status404NotFound);

        ofOneLead
            .MapGet(
                "/timeline",
                (
                    HttpContext http,
                    LeadQueries queries,
                    ILeadSight sight,
                    long id,
                    int? limit,
                    string? after,
                    CancellationToken cancellationToken
                ) =>
                    Paging.AnswerAsync<TimelineRow, TimelineKey, TimelineView>(
                        http,
                        limit,
                        after,
                        async (key, most) =>
                            await queries.TimelineAsync(
                                id,
                                await sight.OfAsync(http.User, cancellationToken),
                                key,
                                most,
                                cancellationToken
                            ),
                        TimelineView.Of
                    )
            )
            .WithName("LeadTimeline")
            .WithSummary("What happened to a lead, newest first")
            .Produces<ListOf<TimelineView>>();

        ofOneLead
            .MapGet(
                "/enrollments",
                (
                    HttpContext http,
                    EnrollmentQueries queries,
                    long id,
                    int? limit,
                    string? after,
                    CancellationToken cancellationToken
                ) =>
                    Paging.AnswerAsync<EnrollmentRow, (long, long), EnrollmentView>(
                        http,
                        limit,
                        after,
                        (key, most) => queries.ListAsync(id, null, key, most, cancellationToken),
                        EnrollmentView.Of
                    )
            )
            .WithName("LeadEnrollments")
            .WithSummary("The tracks a lead is or was in")
            .Produces<ListOf<EnrollmentView>>();

        ofOneLead
            .MapGet(
                "/touches",
                (
                    HttpContext http,
                    TouchQueries queries,
                    long id,
                    int? limit,
                    string? after,
                    CancellationToken cancellationToken
                ) =>
                    Paging.AnswerAsync<TouchRow, (long, Guid), TouchView>(
                        http,
                        limit,
                        after,
                        (key, most) => queries.ListAsync(id, null, key, most, cancellationToken),
                        TouchView.Of
                    )
            )
            .WithName("LeadTouches")
            .WithSummary("A lead's touches, planned and past, each with the reason for its state")
            .Produces<ListOf<TouchView>>();
    }

    // An unknown lead is an error, not an empty list. A lead outside the caller's reach is treated as unknown.
    private static async ValueTask<object?> ExistingLeadAsync(
        EndpointFilterInvocationContext context,
        EndpointFilterDelegate next
    )
    {
        var http = context.HttpContext;
        var id = long.Parse((string)http.GetRouteValue("id")!, CultureInfo.InvariantCulture);
        var leads = http.RequestServices.GetRequiredService<LeadQueries>();
        var sight = http.RequestServices.GetRequiredService<ILeadSight>();
        var reach = await sight.OfAsync(http.User, http.RequestAborted);
        return await leads.FindAsync(id, reach, http.RequestAborted) is null
            ? Problems.NotFound($"There is no lead {id}.")
            : await next(context);
    }
}

/// <summary>
/// A lead as the API shows it. Ids are texts; <c>activeAt</c> is when they last did something, or became known; <c>mergedInto</c> is the
/// lead in which this one ended.
/// </summary>
internal sealed record LeadView(
    string Id,
    string? AccountId,
    JsonNode Identities,
    JsonNode Fields,
    JsonNode? Account,
    JsonNode Stages,
    JsonNode Consents,
    DateTimeOffset? ActiveAt,
    DateTimeOffset? PausedAt,
    DateTimeOffset? DeletedAt,
    string? MergedInto,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt
)
{
    public static LeadView Of(LeadRow row) =>
        new(
            Text(row.Id),
            row.AccountId is { } account ? Text(account) : null,
            Parse(row.Identities),
            Known(row.Fields),
            row.AccountFields is null ? null : Known(row.AccountFields),
            Parse(row.Stages),
            Parse(row.Consents),
            row.ActiveAt,
            row.PausedAt,
            row.DeletedAt,
            row.MergedInto is { } stays ? Text(stays) : null,
            row.CreatedAt,
            row.UpdatedAt
        );

    private static string Text(long id) => id.ToString(CultureInfo.InvariantCulture);

    private static JsonNode Parse(string? json) => JsonNode.Parse(json ?? "[]")!;

    // Custom values, points and evidence are kept as JSON; shown, they are values again.
    public static JsonObject Known(string json)
    {
        var fields = JsonNode.Parse(json)!.AsObject();
        var shown = new JsonObject();
        foreach (
            var (name, value) in fields.Where(field =>
                field.Key is not (Core.Leads.Fields.Company or Core.Leads.Fields.Deleted)
            )
        )
        {
            shown[name] = Core.Leads.Fields.IsJson(name)
                ? JsonNode.Parse(value!.GetValue<string>())
                : value!.DeepClone();
        }

        return shown;
    }
}

/// <summary>An entry of a timeline.</summary>
internal sealed record TimelineView(
    string Kind,
    DateTimeOffset OccurredAt,
    DateTimeOffset RecordedAt,
    JsonElement Arguments
)
{
    public static TimelineView Of(TimelineRow row) =>
        new(row.Kind, row.OccurredAt, row.RecordedAt, JsonSerializer.Deserialize<JsonElement>(row.Arguments));
}
