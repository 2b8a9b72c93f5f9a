using System.Collections.Immutable;
using NurtureEngine.Core.Leads;

namespace NurtureEngine.Core.Gates;

/// <summary>The last check before a touch leaves: the first rule that objects decides.</summary>
public static class Gate
{
    // In this order: what is over, who must not be reached, who may not be reached by the engine alone.
    private static readonly ImmutableArray<Func<GateView, Verdict?>> Rules =
    [
        LeadDeleted,
        EnrollmentOver,
        AddressMissing,
        Suppressed,
        ConsentMissing,
        TierForPeopleOnly,
        TierNeedsApproval,
    ];

    public static Verdict Decide(GateView view) =>
        Rules.Select(rule => rule(view)).FirstOrDefault(verdict => verdict is not null) ?? new Verdict.Pass();

    private static Verdict? LeadDeleted(GateView view) =>
        view.Lead.DeletedAt is null ? null : new Verdict.Cancel("lead.deleted");

    private static Verdict? EnrollmentOver(GateView view) =>
        view.IsEnrolled ? null : new Verdict.Cancel("enrollment.over");

    private static Verdict? AddressMissing(GateView view) =>
        string.IsNullOrEmpty(view.Lead.Email) ? new Verdict.Skip("address.missing", view.Channel) : null;

    private static Verdict? Suppressed(GateView view) =>
        view.IsSuppressed ? new Verdict.Skip("address.suppressed", view.Channel) : null;

    private static Verdict? ConsentMissing(GateView view)
    {
        var consent = view.Lead.Consents.GetValueOrDefault((view.Channel, view.Purpose));
        return consent switch
        {
            { Granted: true } => null,
            { Granted: false } => new Verdict.Skip("consent.withdrawn", view.Purpose),
            null when view.Purpose == Consent.Marketing && view.Rulebook.ConsentRequired => new Verdict.Skip(
                "consent.missing",
                view.Purpose
            ),
            null => null,
        };
    }

    private static Verdict? TierForPeopleOnly(GateView view) =>
        TierOf(view) == Tier.T1 ? new Verdict.Draft("tier.people_only", "T1") : null;

    private static Verdict? TierNeedsApproval(GateView view) =>
        TierOf(view) == Tier.T2 && !view.IsApproved ? new Verdict.Hold("tier.approval_needed", "T2") : null;

    private static Tier TierOf(GateView view) => view.Account?.Tier ?? view.Rulebook.DefaultTier;
}
