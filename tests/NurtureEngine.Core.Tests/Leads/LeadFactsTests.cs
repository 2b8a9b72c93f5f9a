using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using NurtureEngine.Core.Facts;
using NurtureEngine.Core.Intake;
using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Leads.Consents;
using NurtureEngine.Core.Tracks;

namespace NurtureEngine.Core.Tests.Leads;

public sealed class LeadFactsTests
{
    private static readonly DateTimeOffset Noon = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly ExternalKey Ann = new("crm", "ann");

    [Fact]
    public void Absent_says_nothing_null_clears_and_empty_never_overwrites()
    {
        var lead = Apply(New(), Event(0, fields: [("name", "Ann"), ("title", "CTO"), ("phone", "1")]));
        var updated = Apply(lead, Event(1, fields: [("title", null), ("phone", "")]));

        Assert.Equal(("Ann", null, "1"), (updated.Fields["name"], updated.Fields["title"], updated.Fields["phone"]));
    }

    [Fact]
    public void The_senders_version_outranks_its_clock()
    {
        var lead = Apply(New(), Event(0, version: 8, fields: [("name", "new")]));
        var late = Apply(lead, Event(60, version: 7, fields: [("name", "old"), ("title", "CTO")]));

        Assert.Equal(("new", "CTO"), (late.Fields["name"], late.Fields["title"]));
    }

    [Fact]
    public void A_field_that_was_cleared_is_not_filled_by_an_older_fact()
    {
        var lead = Apply(New(), Event(10, fields: [("name", null)]));

        Assert.Null(Apply(lead, Event(0, fields: [("name", "old")])).Fields["name"]);
    }

    [Fact]
    public void The_order_of_arrival_does_not_matter_to_what_is_known()
    {
        var events =
            from minute in Gen.Choose(0, 30)
            from name in Gen.Elements("a", "b", null)
            from title in Gen.Elements("x", "y", null)
            from stage in Gen.Elements("RL", "MQL", "SQL")
            from granted in Gen.Elements(true, false)
            select Event(minute, stage: stage, fields: [("name", name), ("title", title)], granted: granted);
        // Facts of the same moment have no order but that of arrival, so each gets a moment of its own.
        var streams = from list in Gen.ListOf(events) select list.DistinctBy(e => e.Stamp.At).ToArray();
        var shuffled =
            from stream in streams
            from order in Gen.Shuffle(stream)
            select (Clean: stream.OrderBy(e => e.Stamp.At).ToArray(), Shuffled: order);

        Prop.ForAll(
                shuffled.ToArbitrary(),
                pair =>
                {
                    var (clean, mixed) = (Fold(pair.Clean), Fold(pair.Shuffled));
                    Assert.Equal(clean.Fields.Values, mixed.Fields.Values);
                    Assert.Equal(
                        clean.Stages.GetValueOrDefault("customer")?.Stage,
                        mixed.Stages.GetValueOrDefault("customer")?.Stage
                    );
                    Assert.Equal(
                        clean.Consents.Values.Select(c => c.Granted),
                        mixed.Consents.Values.Select(c => c.Granted)
                    );
                }
            )
            .QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_repeat_changes_nothing()
    {
        var repeated = Event(0, stage: "MQL", fields: [("name", "Ann")], granted: true);
        var once = Apply(New(), repeated);

        Assert.Equal(once.Fields.Values, Apply(once, repeated).Fields.Values);
        Assert.Null(Outcome(once, repeated).Move);
    }

    [Fact]
    public void Of_two_words_on_consent_at_the_same_moment_the_stricter_holds()
    {
        var withdrawn = Apply(New(), Event(0, granted: false));

        Assert.False(Apply(withdrawn, Event(0, granted: true)).Consents.Values.Single().Granted);
        Assert.True(Apply(withdrawn, Event(1, granted: true)).Consents.Values.Single().Granted);
    }

    [Fact]
    public void Life_cycles_are_kept_apart()
    {
        var lead = Apply(Apply(New(), Event(0, stage: "SQL")), Event(1, stage: "Found", cycle: "partner"));

        Assert.Equal(("SQL", "Found"), (lead.Stages["customer"].Stage, lead.Stages["partner"].Stage));
    }

    [Theory]
    [InlineData("Champion", "customer", "stage.unknown")]
    [InlineData("MQL", "unknown", "life_cycle.unknown")]
    public void What_the_rulebook_can_not_place_changes_nothing(string stage, string cycle, string code)
    {
        var outcome = LeadFacts.Apply(
            New(),
            null,
            Event(0, stage: stage, cycle: cycle, fields: [("name", "Ann")]),
            Rulebooks.Default,
            Noon
        );

        Assert.Equal(code, Assert.IsType<FactOutcome.Refused>(outcome).Code);
    }

    [Theory]
    [InlineData(24, true)]
    [InlineData(25, false)]
    public void An_event_older_than_a_day_moves_and_does_not_trigger(int hours, bool mayTrigger)
    {
        var move = Outcome(New(), Event(0, stage: "MQL"), Noon.AddHours(hours)).Move!;

        Assert.Equal(("MQL", mayTrigger), (move.Stage.Stage, move.MayTrigger));
    }

    [Fact]
    public void Only_a_newer_creation_brings_a_deleted_lead_back()
    {
        var deleted = Apply(New(), Event(5, type: EventTypes.Deleted));

        Assert.NotNull(Apply(deleted, Event(9, type: EventTypes.Updated)).DeletedAt);
        Assert.NotNull(Apply(deleted, Event(1, type: EventTypes.Created)).DeletedAt);
        Assert.Null(Apply(deleted, Event(9, type: EventTypes.Created)).DeletedAt);
    }

    [Fact]
    public void A_deletion_older_than_the_creation_that_came_before_it_deletes_nothing() =>
        Assert.Null(
            Apply(Apply(New(), Event(9, type: EventTypes.Created)), Event(5, type: EventTypes.Deleted)).DeletedAt
        );

    [Fact]
    public void A_lead_not_seen_before_comes_from_where_its_source_says()
    {
        var arrival = Event(0, stage: "MQL") with { Stage = new StageChange(null, "rl", "MQL") };

        Assert.Equal("RL", Outcome(New(), arrival).Move!.From);
    }

    [Fact]
    public void A_leads_version_says_nothing_of_its_company()
    {
        var key = new ExternalKey("crm", "acme");
        CrmEvent Of(string tier, long version, int minute) =>
            Event(minute, version: version) with
            {
                Company = new CompanyPatch(key, ImmutableDictionary<string, string?>.Empty.Add("tier", tier)),
            };
        var first = Assert.IsType<FactOutcome.Applied>(
            LeadFacts.Apply(New(), null, Of("T3", 500, 0), Rulebooks.Default, Noon)
        );
        var second = Assert.IsType<FactOutcome.Applied>(
            LeadFacts.Apply(New(), first.Account, Of("T1", 3, 1), Rulebooks.Default, Noon)
        );

        Assert.Equal(Tier.T1, second.Account!.Tier);
    }

    private static Lead New() => new() { Key = Ann };

    [Fact]
    public void Points_add_up_in_whichever_order_they_come_and_never_fall_below_zero()
    {
        var lead = Apply(Apply(New(), Points(40, minute: 2)), Points(2, minute: 0));

        Assert.Equal(42, lead.Score);
        Assert.Equal(0, Apply(lead, Points(-100, minute: 1)).Score);
    }

    private static CrmEvent Points(int by, int minute) =>
        new LeadChange(new EnrollmentId(1), new StepId("s"), 1) { ScoreBy = by }.ToEvent(Ann, Noon.AddMinutes(minute));

    private static Lead Fold(IEnumerable<CrmEvent> events) => events.Aggregate(New(), Apply);

    private static Lead Apply(Lead lead, CrmEvent crmEvent) => Outcome(lead, crmEvent).Lead;

    private static FactOutcome.Applied Outcome(Lead lead, CrmEvent crmEvent, DateTimeOffset? now = null) =>
        Assert.IsType<FactOutcome.Applied>(
            LeadFacts.Apply(lead, null, crmEvent, Rulebooks.Default, now ?? Noon.AddHours(1))
        );

    private static CrmEvent Event(
        int minute,
        long? version = null,
        string? stage = null,
        string? cycle = null,
        (string, string?)[]? fields = null,
        bool? granted = null,
        string? type = null
    )
    {
        var at = Noon.AddMinutes(minute);
        return new CrmEvent
        {
            Type = type ?? (stage is null ? EventTypes.Updated : EventTypes.StageChanged),
            Lead = Ann,
            Stamp = new Stamp(version, at),
            Fields = (fields ?? []).ToImmutableDictionary(pair => pair.Item1, pair => pair.Item2),
            Consents = granted is { } word ? [new Consent("email", "marketing", word, "crm", at)] : [],
            Stage = stage is null ? null : new StageChange(cycle, null, stage),
        };
    }
}
