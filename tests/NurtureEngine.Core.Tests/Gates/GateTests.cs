using System.Collections.Immutable;
using NurtureEngine.Core.Gates;
using NurtureEngine.Core.Leads;

namespace NurtureEngine.Core.Tests.Gates;

/// <summary>Each rule, alone and in its rank. Taking one rule out of the gate makes the line that names it fail.</summary>
public sealed class GateTests
{
    private static readonly DateTimeOffset Noon = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void What_nothing_speaks_against_passes() => Assert.IsType<Verdict.Pass>(Gate.Decide(View()));

    [Fact]
    public void A_deleted_lead_is_never_touched() =>
        Is(
            "lead.deleted",
            View() with
            {
                Lead = Ann() with { Fields = Known(("email", "ann@example.com"), ("deleted", "true")) },
            }
        );

    [Fact]
    public void What_belongs_to_no_running_enrollment_is_cancelled() =>
        Is("enrollment.over", View() with { IsEnrolled = false });

    [Fact]
    public void Without_an_address_there_is_nothing_to_send() =>
        Is("address.missing", View() with { Lead = Ann() with { Fields = FieldSet.Empty } });

    [Fact]
    public void Suppression_outranks_consent() => Is("address.suppressed", View() with { IsSuppressed = true });

    [Fact]
    public void Consent_is_needed_where_the_rulebook_says_so() =>
        Is("consent.missing", View() with { Lead = Ann() with { Consents = NoConsent } });

    [Fact]
    public void Consent_may_be_assumed_where_the_rulebook_says_so() =>
        Assert.IsType<Verdict.Pass>(
            Gate.Decide(
                View() with
                {
                    Lead = Ann() with { Consents = NoConsent },
                    Rulebook = Rulebooks.Default with { ConsentRequired = false },
                }
            )
        );

    [Fact]
    public void A_withdrawn_consent_holds_whatever_is_assumed() =>
        Is(
            "consent.withdrawn",
            View() with
            {
                Lead = Ann(granted: false),
                Rulebook = Rulebooks.Default with { ConsentRequired = false },
            }
        );

    [Fact]
    public void Service_needs_no_consent_and_respects_a_withdrawal()
    {
        var withdrawn = NoConsent.Add(("email", "service"), new Consent("email", "service", false, "crm", Noon));

        Assert.IsType<Verdict.Pass>(
            Gate.Decide(View() with { Purpose = "service", Lead = Ann() with { Consents = NoConsent } })
        );
        Is("consent.withdrawn", View() with { Purpose = "service", Lead = Ann() with { Consents = withdrawn } });
    }

    [Fact]
    public void Nothing_goes_to_T1_by_itself_not_even_approved() =>
        Is("tier.people_only", View("T1") with { IsApproved = true });

    [Fact]
    public void Nothing_goes_to_T2_without_a_yes()
    {
        Is("tier.approval_needed", View("T2"));
        Assert.IsType<Verdict.Pass>(Gate.Decide(View("T2") with { IsApproved = true }));
    }

    [Fact]
    public void An_account_without_a_tier_has_the_rulebooks() =>
        Is(
            "tier.approval_needed",
            View() with
            {
                Account = null,
                Rulebook = Rulebooks.Default with { DefaultTier = Tier.T2 },
            }
        );

    [Fact]
    public void A_yes_does_not_outrank_a_withdrawal() =>
        Is("consent.withdrawn", View("T2") with { IsApproved = true, Lead = Ann(granted: false) });

    private static ImmutableDictionary<(string, string), Consent> NoConsent =>
        ImmutableDictionary<(string, string), Consent>.Empty;

    private static void Is(string code, GateView view) => Assert.Equal(code, Gate.Decide(view).Code);

    private static GateView View(string tier = "T3") =>
        new()
        {
            Lead = Ann(),
            Account = new Account(new AccountId(1), new ExternalKey("crm", "acme"), Known(("tier", tier))),
            Rulebook = Rulebooks.Default,
            Channel = "email",
            Purpose = "marketing",
            IsEnrolled = true,
        };

    private static Lead Ann(bool granted = true) =>
        new()
        {
            Key = new ExternalKey("crm", "ann"),
            Fields = Known(("email", "ann@example.com")),
            Consents = NoConsent.Add(("email", "marketing"), new Consent("email", "marketing", granted, "crm", Noon)),
        };

    private static FieldSet Known(params (string Name, string Value)[] fields) =>
        FieldSet.Empty.With(
            fields.Select(field => KeyValuePair.Create(field.Name, (string?)field.Value)),
            new Stamp(null, Noon)
        );
}
