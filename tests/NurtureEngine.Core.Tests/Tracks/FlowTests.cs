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
            Fields = FieldSet.Empty.With([KeyValuePair.Create("country", (string?)"DE")], new Stamp(null, Noon)),
        },
        null,
        Rulebooks.Default.SenderFor("default")
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
    [InlineData("T>J", "J join WaitSome", "expected one of WaitAny, WaitAll, WaitAllActive")]
    [InlineData("T>W", "W delay 2 hous", "is no duration")]
    [InlineData("T>A T>A", "", "more than once")]
    [InlineData("T>X", "X teleport", "'Elsa.Teleport' is not known")]
    public void What_can_not_be_run_is_named_before_it_runs(string connections, string kinds, string expected)
    {
        var track = FlowScenario.Compile(connections, kinds, out var faults);

        Assert.Null(track);
        Assert.Contains(faults, fault => fault.Contains(expected, StringComparison.Ordinal));
    }

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
            var turn = TrackRunner.Advance(track, enrollment, Lead, settled, now);
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
