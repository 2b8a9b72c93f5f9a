using System.Collections.Immutable;
using System.Globalization;
using System.Security.Claims;
using NurtureEngine.Core.Leads;
using NurtureEngine.Core.People;
using NurtureEngine.Core.Reports;
using NurtureEngine.Postgres.People;

namespace NurtureEngine.Host.Identity.People;

/// <inheritdoc cref="ILeadSight" />
internal sealed class LeadSight(PersonAccessStore access) : ILeadSight
{
    public async Task<LeadReach> OfAsync(ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        // A key without a person is limited by its scopes only.
        if (user.FindFirstValue(ClaimTypes.NameIdentifier) is not { } id)
        {
            return user.Identity?.IsAuthenticated == true ? LeadReach.All : LeadReach.None;
        }

        return await access.SightAsync(long.Parse(id, CultureInfo.InvariantCulture), cancellationToken) is { } sight
            ? ReachOf(sight)
            : LeadReach.None;
    }

    /// <summary>The reach that is configured for a person, or the default of their roles.</summary>
    public static LeadReach ReachOf(PersonSight sight)
    {
        // A person without roles sees nothing, whatever is configured.
        return (sight.Roles.Length == 0 ? null : sight.Reach ?? UsualOf(sight.Roles)) switch
        {
            "all" => LeadReach.All,
            "own" => new LeadReach { Owners = Known([sight.Email]) },
            "team" => new LeadReach { Owners = Known([sight.Email, .. sight.TeamEmails]) },
            "territory" => new LeadReach { Owners = Known([sight.Email]), Countries = [.. sight.Countries] },
            "partner" => new LeadReach
            {
                Partner = sight.Partner,
                HiddenFields = PartnersNeedNot,
                HiddenArguments = ColleaguesOnly,
            },
            _ => LeadReach.None,
        };
    }

    private static readonly ImmutableArray<string> PartnersNeedNot =
    [
        Fields.Phone,
        Fields.PhoneExtension,
        Fields.PhoneUnread,
        Fields.Score,
        Fields.EvidencePrefix,
        Fields.SignPrefix,
        Fields.CardPrefix,
        Fields.DossierPrefix,
    ];

    private static readonly ImmutableArray<string> ColleaguesOnly =
    [
        "by",
        "reason",
        "criterion",
        "deal",
        "dealStage",
        "cost",
        "fields",
    ];

    // Every role but sales works with all leads.
    private static string UsualOf(string[] roles) => roles.All(role => role == Roles.Sales) ? "own" : "all";

    private static ImmutableArray<string> Known(IEnumerable<string?> emails) =>
        [.. emails.OfType<string>().Select(email => email.ToLowerInvariant()).Distinct(StringComparer.Ordinal)];
}
