using System.Globalization;
using System.Security.Claims;
using System.Text.Json.Nodes;
using NurtureEngine.Core;
using NurtureEngine.Core.Intake;
using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Rulebooks;
using NurtureEngine.Host.Api.Answers;
using NurtureEngine.Host.Identity;
using NurtureEngine.Host.Rulebooks;
using NurtureEngine.Host.Scheduling;
using NurtureEngine.Postgres.Leads;

namespace NurtureEngine.Host.Api;

/// <summary>Where leads stand, what that means, and which orders may come of it.</summary>
internal static class StageEndpoints
{
    private const int MaxReason = 500;

    public static void MapStages(this IEndpointRouteBuilder api)
    {
        api.MapGet("/leads/{id:long}/stages", ListAsync)
            .WithTags("Leads")
            .WithName("LeadStages")
            .WithSummary("The stages a lead has gone through, by whose word, and how long it stood at each")
            .Produces<ListOf<StageView>>()
            .RequireAuthorization(Scopes.LeadsRead);

        api.MapPut("/leads/{id:long}/stages/{lifeCycle}", SetAsync)
            .WithTags("Leads")
            .WithName("SetLeadStage")
            .WithSummary("Move a lead by hand; applied with what else comes in")
            .Produces(StatusCodes.Status202Accepted)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .RequireAuthorization(Scopes.LeadsWrite);

        api.MapGet("/leads/{id:long}/opportunities", OpportunitiesAsync)
            .WithTags("Leads")
            .WithName("LeadOpportunities")
            .WithSummary("The opportunities that a lead has to do with")
            .Produces<ListOf<OpportunityView>>()
            .RequireAuthorization(Scopes.LeadsRead);

        api.MapGet("/dictionary", Dictionary)
            .WithTags("Rulebook")
            .WithName("Dictionary")
            .WithSummary("What each stage, object and metric is, as the rulebook defines it")
            .Produces<ListOf<TermView>>()
            .RequireAuthorization(Scopes.RulebookRead);
    }

    private static async Task<IResult> ListAsync(
        long id,
        StageStore store,
        [FromKeyedServices(Clocks.Business)] TimeProvider business,
        CancellationToken cancellationToken
    )
    {
        var now = business.GetUtcNow();
        var rows = await store.ListAsync(id, cancellationToken);
        return TypedResults.Ok(
            new ListOf<StageView>(
                [
                    .. rows.Select(row => new StageView(
                        row.LifeCycle,
                        row.Stage,
                        $"{(StageOrigin)row.Origin}".ToLowerInvariant(),
                        row.Since,
                        row.Until,
                        Math.Round(((row.Until ?? now) - row.Since).TotalDays, 3)
                    )),
                ],
                null
            )
        );
    }

    private static async Task<IResult> SetAsync(
        long id,
        string lifeCycle,
        StageOrder order,
        ClaimsPrincipal user,
        StageStore store,
        CurrentRulebook rulebook,
        WorkSignal signal,
        [FromKeyedServices(Clocks.Business)] TimeProvider business,
        CancellationToken cancellationToken
    )
    {
        if (rulebook.Value.FindLifeCycle(lifeCycle) is not { } cycle)
        {
            return Problems.BadRequest(
                $"The life cycle '{lifeCycle}' is not known; expected one of {string.Join(", ", rulebook.Value.LifeCycles.Select(known => known.Name))}."
            );
        }

        if (cycle.FindStage(order.Stage ?? "") is not { } stage)
        {
            return Problems.BadRequest(
                $"'stage' '{order.Stage}' is not known; expected one of {string.Join(", ", cycle.Stages.Select(known => known.Name))}."
            );
        }

        if (order.Reason?.Contains('\0', StringComparison.Ordinal) == true)
        {
            return Problems.BadRequest("'reason' holds the character NUL; expected a text without.");
        }

        if (order.Reason is { Length: > MaxReason })
        {
            return Problems.BadRequest($"'reason' has {order.Reason.Length} characters; expected at most {MaxReason}.");
        }

        var by = new HandEdit(KeyName.Of(user), order.Reason);
        var change = new StageChange(cycle.Name, null, stage.Name);
        if (!await store.SetAsync(id, change, by, business.GetUtcNow(), cancellationToken))
        {
            return Problems.NotFound($"There is no lead {id}.");
        }

        signal.Raise();
        return TypedResults.Accepted((string?)null);
    }

    private static async Task<IResult> OpportunitiesAsync(
        long id,
        OpportunityQueries queries,
        CancellationToken cancellationToken
    ) =>
        TypedResults.Ok(
            new ListOf<OpportunityView>(
                [.. (await queries.OfLeadAsync(id, cancellationToken)).Select(OpportunityView.Of)],
                null
            )
        );

    private static IResult Dictionary(CurrentRulebook rulebook) =>
        TypedResults.Ok(
            new ListOf<TermView>(
                [
                    .. rulebook
                        .Value.LifeCycles.SelectMany(cycle => cycle.Stages.Select(stage => TermView.Of(cycle, stage)))
                        .Concat(rulebook.Value.Dictionary.Select(TermView.Of)),
                ],
                null
            )
        );
}

/// <summary>A person's word on a lead's stage.</summary>
internal sealed record StageOrder(string? Stage, string? Reason);

/// <summary>A stage that a lead came to, by <c>crm</c>, <c>rule</c> or <c>hand</c>; <c>until</c> is null while it stands there.</summary>
internal sealed record StageView(
    string LifeCycle,
    string Stage,
    string Origin,
    DateTimeOffset Since,
    DateTimeOffset? Until,
    double Days
);

/// <summary>A possible order.</summary>
internal sealed record OpportunityView(
    string Id,
    string Source,
    string ExternalId,
    string? Account,
    JsonNode Fields,
    DateTimeOffset UpdatedAt
)
{
    public static OpportunityView Of(OpportunityRow row) =>
        new(
            row.Id.ToString(CultureInfo.InvariantCulture),
            row.Source,
            row.ExternalId,
            row.Account,
            LeadView.Known(row.Fields),
            row.UpdatedAt
        );
}

/// <summary>What a word means; of a stage also whose it is and what is aimed at.</summary>
internal sealed record TermView(
    string Kind,
    string Name,
    string? LifeCycle,
    Dictionary<string, string> Definition,
    string? Cognition,
    string? Owner,
    decimal? TargetRate,
    double? TargetDays
)
{
    public static TermView Of(LifeCycle cycle, Stage stage) =>
        new(
            "stage",
            stage.Name,
            cycle.Name,
            Texts(stage.Definition),
            stage.Cognition,
            stage.Owner,
            stage.TargetRate,
            stage.TargetTime?.TotalDays
        );

    public static TermView Of(Term term) =>
        new(term.Kind, term.Name, null, Texts(term.Definition), null, null, null, null);

    private static Dictionary<string, string> Texts(LocalisedText? text) =>
        text is null ? [] : new() { ["en"] = text.English, ["zh-CN"] = text.Chinese };
}
