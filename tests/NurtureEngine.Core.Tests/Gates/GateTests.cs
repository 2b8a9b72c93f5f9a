using System.Collections.Immutable;
using NodaTime;
using NurtureEngine.Core.Cadences;
using NurtureEngine.Core.Gates;
using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Leads.Consents;
using NurtureEngine.Core.Tracks;

namespace NurtureEngine.Core.Tests.Gates;

/// <summary>Each rule, alone and in its rank. Taking one rule out of the gate makes the line that names it fail.</summary>
public sealed class GateTests
{
    private static readonly DateTimeOffset Noon = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void What_nothing_speaks_against_passes() => Assert.IsType<Verdict.Pass>(Gate.Complete.Decide(View()));

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
    public void Without_an_address_there_is_nothing_to_send() => Is("address.missing", View() with { Address = null });

    [Fact]
    public void Suppression_outranks_consent() => Is("address.suppressed", View() with { Suppression = "bounced" });

    [Fact]
    public void Consent_is_needed_where_the_rulebook_says_so() =>
        Is("consent.missing", View() with { Lead = Ann() with { Consents = NoConsent } });

    [Fact]
    public void Consent_may_be_assumed_where_the_rulebook_says_so() =>
        Assert.IsType<Verdict.Pass>(
            Gate.Complete.Decide(
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
            Gate.Complete.Decide(View() with { Purpose = "service", Lead = Ann() with { Consents = NoConsent } })
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
        Assert.IsType<Verdict.Pass>(Gate.Complete.Decide(View("T2") with { IsApproved = true }));
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

    [Fact]
    public void Service_reaches_who_wants_no_marketing_and_no_address_that_takes_no_mail()
    {
        var service = View() with { Purpose = "service", Lead = Ann() with { Consents = NoConsent } };

        Assert.IsType<Verdict.Pass>(Gate.Complete.Decide(service with { Suppression = "unsubscribed" }));
        Is("address.suppressed", service with { Suppression = "bounced" });
    }

    [Fact]
    public void What_a_lead_has_had_is_skipped_replaced_or_sent_again_as_the_track_says()
    {
        var again = View() with { IsRepeated = true, NextPiece = "other" };

        Assert.Equal(new Verdict.Skip("content.received", "hello"), Gate.Complete.Decide(again));
        Assert.Equal(
            new Verdict.Replace("content.received", "other"),
            Gate.Complete.Decide(again with { Settings = again.Settings with { WhenRepeated = WhenRepeated.Replace } })
        );
        Assert.IsType<Verdict.Pass>(
            Gate.Complete.Decide(again with { Settings = again.Settings with { WhenRepeated = WhenRepeated.Send } })
        );
        Assert.IsType<Verdict.Skip>(
            Gate.Complete.Decide(
                again with
                {
                    NextPiece = null,
                    Settings = again.Settings with { WhenRepeated = WhenRepeated.Replace },
                }
            )
        );
    }

    [Fact]
    public void A_touch_that_may_not_leave_now_moves_or_is_left_out_as_the_track_says()
    {
        var night = View() with
        {
            Rulebook = Rulebooks.Default with
            {
                Cadence = new CadenceRules { QuietHours = new QuietHours(new LocalTime(12, 0), new LocalTime(13, 0)) },
            },
        };

        Assert.Equal(new Verdict.Defer("cadence.quiet_hours", null, Noon.AddHours(1)), Gate.Complete.Decide(night));
        Assert.Equal(
            new Verdict.Skip("cadence.quiet_hours"),
            Gate.Complete.Decide(night with { Settings = night.Settings with { WhenHeld = WhenHeld.Skip } })
        );
        Assert.IsType<Verdict.Pass>(
            Gate.Complete.Decide(night with { Purpose = "service", Lead = Ann() with { Consents = NoConsent } })
        );
    }

    [Fact]
    public void While_all_is_stopped_or_the_enrollment_paused_a_touch_waits_without_a_date()
    {
        Assert.Equal(new Verdict.Wait("sending.stopped"), Gate.Complete.Decide(View("T1") with { IsStopped = true }));
        Assert.Equal(new Verdict.Wait("enrollment.paused"), Gate.Complete.Decide(View("T2") with { IsPaused = true }));
    }

    [Fact]
    public void Behind_something_more_urgent_waits_what_a_cap_counts()
    {
        var waits = new Verdict.Wait("priority.behind");
        var counted = View() with { IsBehind = true, Rulebook = WithGap() };

        Assert.Equal(waits, Gate.Complete.Decide(counted));
        Assert.IsType<Verdict.Pass>(Gate.Complete.Decide(counted with { Purpose = "service" }));
        Assert.IsType<Verdict.Pass>(Gate.Complete.Decide(View() with { IsBehind = true }));
    }

    [Theory]
    [InlineData("lead")]
    [InlineData("enrollment")]
    [InlineData("address")]
    [InlineData("suppression")]
    [InlineData("consent")]
    [InlineData("repetition")]
    [InlineData("stop")]
    [InlineData("pause")]
    [InlineData("tier")]
    [InlineData("approval")]
    [InlineData("cadence")]
    [InlineData("precedence")]
    public void Without_a_rule_passes_what_only_it_holds_back(string name)
    {
        var held = name switch
        {
            "lead" => View() with
            {
                Lead = Ann() with { Fields = Known(("email", "ann@example.com"), ("deleted", "true")) },
            },
            "enrollment" => View() with { IsEnrolled = false },
            "address" => View() with { Address = null },
            "suppression" => View() with { Suppression = "complained" },
            "consent" => View() with { Lead = Ann(granted: false) },
            "repetition" => View() with { IsRepeated = true },
            "stop" => View() with { IsStopped = true },
            "pause" => View() with { IsPaused = true },
            "tier" => View("T1"),
            "approval" => View("T2"),
            "precedence" => View() with { IsBehind = true, Rulebook = WithGap() },
            _ => View() with
            {
                Rulebook = WithGap(),
                Cadence = new CadenceView { Zone = DateTimeZone.Utc, OfLead = [new PastTouch(Noon, 1)] },
            },
        };
        var rule = Gate.Complete.Rules.Single(rule => rule.Name == name);

        Assert.IsNotType<Verdict.Pass>(Gate.Complete.Decide(held));
        Assert.IsType<Verdict.Pass>(new Gate(Gate.Complete.Rules.Remove(rule)).Decide(held));
    }

    private static ImmutableDictionary<(string, string), Consent> NoConsent =>
        ImmutableDictionary<(string, string), Consent>.Empty;

    private static void Is(string code, GateView view) => Assert.Equal(code, Gate.Complete.Decide(view).Code);

    private static Core.Rulebooks.Rulebook WithGap() =>
        Rulebooks.Default with
        {
            Cadence = new CadenceRules { MinGap = TimeSpan.FromHours(1) },
        };

    private static GateView View(string tier = "T3") =>
        new()
        {
            Now = Noon,
            Settings = new TrackSettings { Type = "drip", LifeCycle = "customer" },
            Cadence = new CadenceView { Zone = DateTimeZone.Utc },
            Content = "hello",
            Lead = Ann(),
            Account = new Account(new AccountId(1), new ExternalKey("crm", "acme"), Known(("tier", tier))),
            Rulebook = Rulebooks.Default,
            Channel = "email",
            Address = "ann@example.com",
            IsAddressUsable = true,
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
