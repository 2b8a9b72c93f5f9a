using System.Collections.Immutable;
using NodaTime;
using NurtureEngine.Core.Contents;
using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Simulation;
using NurtureEngine.Core.Tracks;
using NurtureEngine.Core.Tracks.Activities.Actions;
using NurtureEngine.Core.Tracks.Journeys;
using NurtureEngine.Core.Tracks.Running;

namespace NurtureEngine.IntegrationTests.Shipped;

/// <summary>What the field expects of tracks, of those that are shipped.</summary>
public sealed class ShippedTracksTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);

    private static readonly Lazy<Task<ShippedProduct>> Product = new(ShippedProduct.ReadAsync);

    [Fact]
    public async Task Every_kind_of_track_is_there()
    {
        var tracks = (await Product.Value).Tracks;

        Assert.Equal(
            [
                "bottom-funnel",
                "competitive-general",
                "competitive-specific",
                "drip",
                "introduction",
                "mid-funnel",
                "onboarding",
                "product",
                "reactivation",
                "renewal",
                "viewpoint",
                "welcome",
            ],
            tracks.Select(track => track.DefinitionId).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task Each_step_that_reaches_the_lead_has_its_place_for_a_journey_sentence()
    {
        foreach (var track in (await Product.Value).Tracks)
        {
            var file = Path.Combine(Repository.Root, "workflows", $"{track.DefinitionId}.json");

            Assert.Equal(
                track.Steps.Values.Where(step => step.ReachesLead).Select(step => step.Id.Value).Order(),
                JourneySheet.Of(await File.ReadAllTextAsync(file)).Select(line => line.Step).Order()
            );
        }
    }

    [Fact]
    public async Task After_the_last_e_mail_of_a_reactivation_no_other_track_goes_on()
    {
        var tracks = (await Product.Value).Tracks;
        var reactivation = tracks.Single(track => track.DefinitionId == "reactivation").Settings;

        Assert.All(
            tracks.Where(track =>
                track.Settings.Lane == reactivation.Lane && track.Settings.Priority < reactivation.Priority
            ),
            track => Assert.Equal(WhenTaken.End, track.Settings.WhenTaken)
        );
    }

    [Fact]
    public async Task Whatever_role_a_lead_has_they_get_five_touches_and_three_when_they_sleep()
    {
        var product = await Product.Value;

        foreach (var track in product.Tracks)
        {
            var least = track.Settings.Type == "reactivation" ? 3 : 5;
            foreach (var role in BuyerRole.All.Append(null))
            {
                var mails = TrackTrace
                    .Run(
                        track,
                        new TraceScene(product.Rulebook, Pools.None, SampleAudience.Of(role, "en", isRich: true), null),
                        [],
                        Start,
                        TimeSpan.FromDays(200)
                    )
                    .Count(line => line.Kind == "email");
                Assert.True(mails >= least, $"{track.DefinitionId} sends {mails} e-mails to '{role}'.");
            }
        }
    }

    [Fact]
    public async Task Each_track_speaks_otherwise_to_at_least_three_groups_of_roles() =>
        Assert.All(
            (await Product.Value).Tracks,
            track => Assert.True(ShippedProduct.ByRole(track).Distinct().Count() >= 3, track.DefinitionId)
        );

    [Fact]
    public async Task No_body_is_shared_by_two_steps()
    {
        var product = await Product.Value;
        var keys = product.Tracks.SelectMany(ShippedProduct.Mails).Select(step => step.ContentKey).ToList();

        Assert.Equal(keys.Count, keys.Distinct().Count());
        foreach (var language in new[] { "en", "zh-CN" })
        {
            var bodies = keys.Select(key => product.Contents[key].Source.Languages[language].Html).ToList();
            Assert.Equal(bodies.Count, bodies.Distinct().Count());
        }

        Assert.Empty(product.Contents.Keys.Except(keys));
    }

    [Fact]
    public async Task Every_step_that_reaches_the_lead_has_its_journey_sentence()
    {
        var product = await Product.Value;

        foreach (var step in product.Tracks.SelectMany(track => track.Steps.Values).Where(step => step.ReachesLead))
        {
            Assert.True(step.Journey is not null, step.Name);
            var cycle = product.Rulebook.FindLifeCycle("customer")!;
            // The customer's cognition may run ahead of the stage; it never lags behind where the step wants to bring them.
            Assert.True(cycle.IndexOf(step.Journey!.To) >= cycle.IndexOf(step.Journey.Stage), step.Name);
        }
    }

    [Fact]
    public async Task Each_track_has_one_aim_an_end_and_what_is_expected_of_it() =>
        Assert.All(
            (await Product.Value).Tracks,
            track =>
            {
                Assert.NotNull(track.Settings.Aim);
                Assert.NotNull(track.Settings.TimeLimit);
                Assert.NotNull(track.Settings.ExpectedResult);
            }
        );

    [Fact]
    public async Task The_drip_has_one_slot_a_time_limit_and_a_successor()
    {
        var drip = (await Product.Value).Tracks.Single(track => track.Settings.Type == "drip").Settings;

        var slot = Assert.Single(drip.Cadence!.Slots);
        Assert.Equal([IsoDayOfWeek.Tuesday], slot.Days);
        Assert.NotNull(drip.TimeLimit);
        Assert.NotNull(drip.Successor);
    }

    [Fact]
    public async Task Sleeping_leads_hear_seldom_and_may_be_called()
    {
        var track = (await Product.Value).Tracks.Single(track => track.Settings.Type == "reactivation");

        Assert.True(track.Settings.Cadence!.MinGap >= TimeSpan.FromDays(7));
        Assert.True(track.Settings.ExitsOnReply);
        Assert.NotEmpty(ShippedProduct.Of<CreateCallTask>(track));
    }

    [Fact]
    public async Task Calls_are_planned_where_they_pay_and_qualification_ends_in_a_hand_off()
    {
        var tracks = (await Product.Value).Tracks.ToImmutableDictionary(track => track.DefinitionId);

        Assert.NotEmpty(ShippedProduct.Of<HandOffToSales>(tracks["mid-funnel"]));
        Assert.NotEmpty(ShippedProduct.Of<HandOffToSales>(tracks["renewal"]));
        // Sales is at it from the hand-off on: its own track goes on beside them, the others end or wait.
        Assert.Equal(AtHandoff.Continue, tracks["bottom-funnel"].Settings.AtHandoff);
        Assert.All(
            new[] { "mid-funnel", "bottom-funnel", "competitive-general", "competitive-specific", "renewal" },
            id => Assert.NotEmpty(ShippedProduct.Of<CreateCallTask>(tracks[id]))
        );
    }

    [Fact]
    public async Task The_specific_comparison_is_for_those_who_named_a_rival_and_speaks_of_that_one()
    {
        var product = await Product.Value;
        var track = product.Tracks.Single(track => track.DefinitionId == "competitive-specific");

        Assert.NotNull(track.Settings.Audience);
        Assert.All(
            ShippedProduct.Mails(track).Where(step => step.ContentKey is not "rival-voices"),
            step =>
                Assert.Contains(
                    "lead.custom.competitor",
                    product.Contents[step.ContentKey].Source.Languages["zh-CN"].Html,
                    StringComparison.Ordinal
                )
        );
    }

    [Fact]
    public async Task Who_falls_back_is_no_longer_talked_to_as_if_they_had_not()
    {
        var tracks = (await Product.Value).Tracks.ToImmutableDictionary(track => track.DefinitionId);

        Assert.Contains("RL", tracks["mid-funnel"].Settings.ExitStages);
        Assert.Contains("MQL", tracks["bottom-funnel"].Settings.ExitStages);
    }

    [Fact]
    public async Task Nobody_enters_at_a_stage_at_which_they_would_leave()
    {
        var product = await Product.Value;
        var lead = SampleAudience.Of("User", "en", isRich: true);

        foreach (var track in product.Tracks)
        {
            var values = new RunValues(lead, null, product.Rulebook, track.Settings.Sender);
            Assert.False(track.Settings.ExitStages.Contains("MQL") && track.Admits(values), track.DefinitionId);
        }
    }

    [Fact]
    public async Task Product_education_tells_every_kind_of_case()
    {
        var product = await Product.Value;
        var track = product.Tracks.Single(track => track.Settings.Type == "product");

        Assert.Equal(
            ContentMetadata.CaseKinds.Order(StringComparer.Ordinal),
            ShippedProduct
                .Mails(track)
                .Select(step => product.Contents[step.ContentKey].Source.Metadata!.CaseKind)
                .OfType<string>()
                .Order(StringComparer.Ordinal)
        );
    }
}
