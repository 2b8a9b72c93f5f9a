using System.Collections.Immutable;
using NurtureEngine.Core.Cadences;
using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Leads.Consents;
using NurtureEngine.Core.Tracks;

namespace NurtureEngine.Core.Gates;

/// <summary>The gate's rules.</summary>
public static class GateRules
{
    /// <summary>
    /// In this order: what is over, who must not be reached, what nobody needs twice, what waits anyway, who may not be reached by
    /// the engine alone, and last (since a reservation follows) when, and whether something more urgent goes first.
    /// </summary>
    public static ImmutableArray<GateRule> All { get; } =
    [
        new("lead", LeadDeleted),
        new("enrollment", EnrollmentOver),
        new("address", AddressMissing),
        new("suppression", Suppressed),
        new("consent", ConsentMissing),
        new("repetition", ContentRepeated),
        new("stop", Stopped),
        new("pause", Paused),
        new("tier", TierForPeopleOnly),
        new("approval", TierNeedsApproval),
        new("cadence", NotNow),
        new("precedence", Behind),
    ];

    private static Verdict? LeadDeleted(GateView view) =>
        view.Lead.DeletedAt is null ? null : new Verdict.Cancel("lead.deleted");

    private static Verdict? EnrollmentOver(GateView view) =>
        view.IsEnrolled ? null : new Verdict.Cancel("enrollment.over");

    private static Verdict? AddressMissing(GateView view) =>
        view.Address is null ? new Verdict.Skip("address.missing", view.Channel)
        : !view.IsAddressUsable ? new Verdict.Skip("address.unusable", view.Channel)
        : null;

    // Who wants no marketing still gets what they have to know; an address that takes no mail gets none.
    private static Verdict? Suppressed(GateView view) =>
        view.Suppression is { } reason && (view.IsMarketing || !SuppressionReason.IsOfMarketing(reason))
            ? new Verdict.Skip("address.suppressed", view.Channel)
            : null;

    private static Verdict? ConsentMissing(GateView view)
    {
        var consent = view.Lead.Consents.GetValueOrDefault((view.Channel, view.Purpose));
        return consent switch
        {
            { Granted: true } => null,
            { Granted: false } => new Verdict.Skip("consent.withdrawn", view.Purpose),
            null when view.IsMarketing && view.Rulebook.ConsentRequired => new Verdict.Skip(
                "consent.missing",
                view.Purpose
            ),
            null => null,
        };
    }

    private static Verdict? ContentRepeated(GateView view) =>
        !view.IsMarketing || !view.IsRepeated ? null
        : view.Settings.WhenRepeated == WhenRepeated.Send ? null
        : view.Settings.WhenRepeated == WhenRepeated.Replace && view.NextPiece is { } piece
            ? new Verdict.Replace("content.received", piece)
        : new Verdict.Skip("content.received", view.Content);

    private static Verdict? Stopped(GateView view) => view.IsStopped ? new Verdict.Wait("sending.stopped") : null;

    private static Verdict? Paused(GateView view) => view.IsPaused ? new Verdict.Wait("enrollment.paused") : null;

    private static Verdict? TierForPeopleOnly(GateView view) =>
        TierOf(view) == Tier.T1 ? new Verdict.Draft("tier.people_only", "T1") : null;

    private static Verdict? TierNeedsApproval(GateView view) =>
        TierOf(view) == Tier.T2 && !view.IsApproved ? new Verdict.Hold("tier.approval_needed", "T2") : null;

    private static Verdict? NotNow(GateView view)
    {
        if (!view.IsMarketing)
        {
            return null;
        }

        var rules = view.Settings.CadenceUnder(view.Rulebook);
        return Cadence.NextAllowedInstant(rules, view.Cadence, view.Now) switch
        {
            null => new Verdict.Skip("cadence.never"),
            { Code: { } code } next when view.Settings.WhenHeld == WhenHeld.Defer => new Verdict.Defer(
                code,
                next.Argument,
                next.At
            ),
            { Code: { } code } next => new Verdict.Skip(code, next.Argument),
            _ => null,
        };
    }

    // What is capped is for the most urgent. What no cadence counts takes nothing away from anybody.
    private static Verdict? Behind(GateView view) =>
        view.IsMarketing && view.IsBehind && view.Settings.CadenceUnder(view.Rulebook).CountsTouches
            ? new Verdict.Wait(Verdict.Wait.Behind)
            : null;

    private static Tier TierOf(GateView view) => view.Account?.Tier ?? view.Rulebook.DefaultTier;
}
