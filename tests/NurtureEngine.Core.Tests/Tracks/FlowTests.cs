using System.Collections.Immutable;
using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Touches;
using NurtureEngine.Core.Tracks;
using NurtureEngine.Core.Tracks.Running;

namespace NurtureEngine.Core.Tests.Tracks;

/// <summary>The scenarios of <c>Cases/flows.txt</c>, to which anyone can add a line.</summary>
public sealed class FlowTests
{
    private static readonly DateTimeOffset Noon = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly RunValues Lead = new(
        new Lead
        {
            Key = new ExternalKey("crm", "ann"),
            Id = new LeadId(42),
            Fields = Known(("country", "DE"), ("role", "Influencer")),
            Stages = ImmutableSortedDictionary
                .Create<string, LeadStage>(StringComparer.Ordinal)
                .Add("customer", new LeadStage("customer", "MQL", Noon, new Stamp(null, Noon))),
        },
        new Account(null, new ExternalKey("crm", "acme"), Known(("size", "51-200"), ("tier", "T2"))),
        Rulebooks.Default,
        "default"
    );

    public static TheoryData<string, string, string, string> Scenarios
    {
        get
        {
            var scenarios = new TheoryData<string, string, string, string>();
            foreach (
                var parts in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Tracks", "Cases", "flows.txt"))
                    .Where(line => line.Length > 0 && line[0] != '#')
                    .Select(line => line.Split(" | ", StringSplitOptions.TrimEntries))
            )
            {
                scenarios.Add(parts[0], parts[1], parts[2], parts[3]);
            }

            return scenarios;
        }
    }

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void Steps_are_entered_in_the_order_of_Elsa(string name, string connections, string kinds, string expected)
    {
        var track = FlowScenario.Compile(connections, kinds, out var faults);

        Assert.Empty(faults);
        Assert.Equal(expected, string.Join(' ', Run(track!)));
        Assert.NotEmpty(name);
    }

    [Theory]
    [InlineData("T>A A>B B>A", "", "no step that waits")]
    [InlineData("T>A T>B A>W W>B B>A", "W delay 1h", "can be entered elsewhere")]
    [InlineData("T>A B>C", "", "No connection leads here")]
    [InlineData("T>A A>T", "", "no connection may lead to it")]
    [InlineData("T>D D.Maybe>A", "D decision true", "expected True, False")]
    [InlineData("T>D D.True>A", "D decision lead.naem == 1", "'lead.naem', which is no field")]
    [InlineData("T>D D.True>A", "D decision lead.country ==", "'condition' 'lead.country ==' 1:16:")]
    [InlineData("T>D D.True>A", "D decision variables.w == 1", "variables.…")]
    [InlineData("T>C", "C merge Cascade", "'mergeMode' 'Cascade' can't be run")]
    [InlineData("T>D D.True>A D.False>B A>C B>C", "D decision true; C merge Merge", "which can never both come")]
    [InlineData("T>J", "J join WaitSome", "expected one of WaitAny, WaitAll, WaitAllActive")]
    [InlineData("T>W", "W delay 2 hous", "is no duration")]
    [InlineData("T>R", "R role influencer,Influencer", "names 'influencer' more than once")]
    [InlineData("T>R R.buyer>A", "R role influencer", "expected influencer, Other")]
    [InlineData("T>S", "S split A:0", "'A:0' is no arm")]
    [InlineData("T>S", "S split A:50,A:30", "names 'A' more than once")]
    [InlineData("T>A T>A", "", "more than once")]
    [InlineData("T>S", "S score 0", "would change nothing")]
    [InlineData("T>S", "S score many", "expected a whole number from -1000000")]
    [InlineData("T>E", "E evidence Money", "expected one of Authority, Budget, Need, Timeline")]
    [InlineData("T>X", "X teleport", "'Elsa.Teleport' is not known")]
    public void What_can_not_be_run_is_named_before_it_runs(string connections, string kinds, string expected)
    {
        var track = FlowScenario.Compile(connections, kinds, out var faults);

        Assert.Null(track);
        Assert.Contains(faults, fault => fault.Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void A_split_is_the_same_for_a_lead_and_divides_leads_by_weight()
    {
        var track = FlowScenario.Compile("T>S S.A>x S.B>y", "S split A:3,B:1,Holdout:1", out _)!;
        var arms = Enumerable.Range(1, 5_000).Select(Arm).ToList();

        Assert.Equal(arms, Enumerable.Range(1, 5_000).Select(Arm));
        Assert.InRange(arms.Count(arm => arm == "x"), 2_850, 3_150);
        Assert.InRange(arms.Count(arm => arm == "y"), 900, 1_100);

        string Arm(int lead)
        {
            var values = new RunValues(
                new Lead { Id = new LeadId(lead), Key = new ExternalKey("", "") },
                null,
                Rulebooks.Default,
                "default"
            );
            var start = new Enrollment(
                new EnrollmentId(lead),
                EnrollmentState.Active,
                Standing.At(track.Root, new StepId("T"))
            );
            var turn = TrackRunner.Advance(track, start, values, Stimulus.None, Noon);
            return turn.Decisions.OfType<Decision.Enter>().Last().Step.Value;
        }
    }

    [Fact]
    public void A_time_limit_ends_the_track_in_the_middle_of_a_wait()
    {
        var track = FlowScenario.Compile("T>W W>A", "W delay 10d", out _, ("timeLimit", "3d"))!;
        var entered = new Enrollment(
            new EnrollmentId(7),
            EnrollmentState.Active,
            Standing.At(track.Root, new StepId("T"))
        )
        {
            EnteredAt = Noon,
        };
        var waiting = TrackRunner.Advance(track, entered, Lead, Stimulus.None, Noon).Enrollment;
        var over = TrackRunner.Advance(track, waiting, Lead, Stimulus.None, Noon.AddDays(3));

        Assert.Equal(Noon.AddDays(3), waiting.DueAt(Noon));
        Assert.Equal([new Decision.Exit("time.over", null)], over.Decisions);
        Assert.Equal(EnrollmentState.Exited, over.Enrollment.State);
    }

    [Fact]
    public void A_turn_that_comes_late_does_what_several_in_time_would_have_done()
    {
        var track = FlowScenario.Compile(
            "T>V T>W V>J W>M M>J J>E",
            "J join WaitAny; V delay 1h; W delay 2h; M mail",
            out _
        )!;
        var entered = new Enrollment(
            new EnrollmentId(7),
            EnrollmentState.Active,
            Standing.At(track.Root, new StepId("T"))
        );
        var waiting = TrackRunner.Advance(track, entered, Lead, Stimulus.None, Noon).Enrollment;
        var late = TrackRunner.Advance(track, waiting, Lead, Stimulus.None, Noon.AddHours(3));

        Assert.Equal(["J", "E"], late.Decisions.OfType<Decision.Enter>().Select(enter => enter.Step.Value));
        Assert.Empty(late.Decisions.OfType<Decision.Plan>());
        Assert.Equal(EnrollmentState.Completed, late.Enrollment.State);
    }

    private static FieldSet Known(params (string Name, string Value)[] fields) =>
        FieldSet.Empty.With(
            fields.Select(field => KeyValuePair.Create(field.Name, (string?)field.Value)),
            new Stamp(null, Noon)
        );

    // Time passes to the next due moment, and touches are settled a second after they were planned.
    private static IEnumerable<string> Run(Track track)
    {
        var enrollment = new Enrollment(
            new EnrollmentId(7),
            EnrollmentState.Active,
            Standing.At(track.Root, new StepId("T"))
        );
        var (now, settled) = (Noon, ImmutableHashSet<TouchId>.Empty);
        for (var turns = 0; turns < 20; turns++)
        {
            var turn = TrackRunner.Advance(track, enrollment, Lead, Stimulus.Of(settled), now);
            enrollment = turn.Enrollment with
            {
                Standing = TokenCodec.Read(TokenCodec.Write(turn.Enrollment.Standing)),
            };
            foreach (var entered in turn.Decisions.OfType<Decision.Enter>())
            {
                yield return entered.Step.Value;
            }

            if (enrollment.State != EnrollmentState.Active)
            {
                if (turn.Decisions[^1] is Decision.Exit exit)
                {
                    yield return exit.Code;
                }

                if (enrollment.State == EnrollmentState.Parked)
                {
                    yield return "parked";
                }

                yield break;
            }

            yield return "~";
            settled = [.. enrollment.Awaited];
            now = settled.IsEmpty ? enrollment.DueAt(now)!.Value : now.AddSeconds(1);
        }
    }
}
