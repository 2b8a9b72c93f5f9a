using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using NurtureEngine.Core.Touches;
using NurtureEngine.Core.Tracks;
using NurtureEngine.Core.Tracks.Running;

namespace NurtureEngine.Core.Tests.Tracks;

/// <summary>What holds for every flow, however it is drawn.</summary>
public sealed class FlowLawTests
{
    private const int MostTurns = 200;
    private static readonly DateTimeOffset Noon = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly RunValues Nobody = new(RunValues.Nobody, null, Rulebooks.Default, "default");
    private static readonly string[] Names = ["A", "B", "C", "D", "E", "F", "G", "H"];

    private static readonly string[] Kinds =
    [
        "delay 1h",
        "delay 2h",
        "mail",
        "join WaitAny",
        "join WaitAll",
        "join WaitAllActive",
        "merge Race",
        "merge Merge",
        "decision true",
        "decision variables.v == \"x\"",
        "set x",
        "end",
        "finish",
        "fault",
        "flow x>y,x>w",
        "sequence x,w,y",
        "if true x y",
        "fork Done",
        "reply 2h",
        "engage any 1h",
        "await visit x 3h",
    ];

    [Fact]
    public void A_flow_never_throws_stays_bounded_and_is_the_same_however_often_it_is_looked_at()
    {
        var sound = 0;
        Prop.ForAll(
                Flows.ToArbitrary(),
                flow =>
                {
                    if (FlowScenario.Compile(flow.Connections, flow.Kinds, out _) is not { } track)
                    {
                        return;
                    }

                    sound++;
                    var stepped = Run(track, looksBetween: 0);
                    Assert.Equal(stepped, Run(track, looksBetween: 0));
                    Assert.Equal(stepped, Run(track, looksBetween: 3));
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(Draws.Of(5_000)));

        // A law about flows that are never sound would say nothing.
        Assert.InRange(sound, 200, Draws.Of(5_000));
    }

    [Fact]
    public void Signals_told_in_one_turn_or_in_several_decide_the_same()
    {
        var (sound, resumed) = (0, 0);
        Prop.ForAll(
                (
                    from flow in Flows
                    from signals in Gen.Elements(Signals).ListOf(4)
                    select (flow, signals)
                ).ToArbitrary(),
                drawn =>
                {
                    if (FlowScenario.Compile(drawn.flow.Connections, drawn.flow.Kinds, out _) is not { } track)
                    {
                        return;
                    }

                    var entered = Turn(track, AtStart(track), Stimulus.None).Enrollment;
                    if (entered.State != EnrollmentState.Active)
                    {
                        return;
                    }

                    var signals = drawn.signals.Select(signal => signal with { At = Noon }).ToImmutableArray();
                    var together = Turn(track, entered, Stimulus.Of(signals));
                    var (one, decisions) = (entered, new List<Decision>());
                    foreach (var signal in signals)
                    {
                        if (one.State == EnrollmentState.Active)
                        {
                            var turn = Turn(track, one, Stimulus.Of(signal));
                            decisions.AddRange(turn.Decisions);
                            one = turn.Enrollment;
                        }
                    }

                    sound++;
                    resumed += together.Decisions.IsEmpty ? 0 : 1;
                    Assert.Equal(one.State, together.Enrollment.State);
                    // A turn that parks is taken back whole, so that only part of several turns is.
                    if (one.State != EnrollmentState.Parked)
                    {
                        Assert.Equal(decisions, together.Decisions);
                        Assert.Equal(one.Standing, together.Enrollment.Standing);
                    }
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(Draws.Of(5_000)));

        Assert.InRange(sound, 200, Draws.Of(5_000));
        Assert.InRange(resumed, 50, Draws.Of(5_000));
    }

    private static Signal[] Signals { get; } =
    [
        new("activity.replied", Noon),
        new("activity.email_opened", Noon),
        new("activity.page_visited", Noon) { Name = "x" },
        new("activity.page_visited", Noon) { Name = "y" },
    ];

    private static Enrollment AtStart(Track track) =>
        new(new EnrollmentId(7), EnrollmentState.Active, Standing.At(track.Root, new StepId("T")));

    private static Turn Turn(Track track, Enrollment enrollment, Stimulus stimulus) =>
        TrackRunner.Advance(track, enrollment, Nobody, stimulus, Noon);

    private static Gen<(string Connections, string Kinds)> Flows =>
        from size in Gen.Choose(1, Names.Length)
        from kinds in Gen.Elements(Kinds).ListOf(size)
        from isPlain in Gen.Elements(true, false).ListOf(size)
        // Each step hangs on an earlier one, so that most flows can be reached; more arrows make joins and loops.
        from parents in Gen.Choose(0, 1_000).ListOf(size)
        from more in Gen.Choose(0, 1_000).ListOf(6)
        select (
            string.Join(
                ' ',
                Enumerable
                    .Range(0, size)
                    .Select(i =>
                        Arrow(parents[i] % (i + 1) is var p && p == 0 ? "T" : Names[p - 1], Names[i], kinds, isPlain)
                    )
                    .Concat(
                        more.Take(size / 2)
                            .Select(number => Arrow(Names[number % size], Names[number / size % size], kinds, isPlain))
                    )
                    .Distinct()
            ),
            string.Join("; ", Enumerable.Range(0, size).Where(i => !isPlain[i]).Select(i => $"{Names[i]} {kinds[i]}"))
                + "; w delay 30m"
        );

    private static string Arrow(string from, string to, IReadOnlyList<string> kinds, IReadOnlyList<bool> isPlain)
    {
        var at = Array.IndexOf(Names, from);
        var isDecision = at >= 0 && !isPlain[at] && kinds[at].StartsWith("decision", StringComparison.Ordinal);
        return isDecision ? $"{from}.{(to[0] % 2 == 0 ? "True" : "False")}>{to}" : $"{from}>{to}";
    }

    // What the ledger holds tells how the enrollment stands.
    private static void AssertReplayed(List<Decision> ledger, HashSet<TouchId> settled, Enrollment enrollment)
    {
        var state = ledger.LastOrDefault() switch
        {
            Decision.Complete => EnrollmentState.Completed,
            Decision.Exit => EnrollmentState.Exited,
            Decision.Park => EnrollmentState.Parked,
            _ => EnrollmentState.Active,
        };
        Assert.Equal(state, enrollment.State);
        if (state is EnrollmentState.Completed or EnrollmentState.Exited)
        {
            return;
        }

        var entered = ledger.OfType<Decision.Enter>().CountBy(enter => enter.Step.Value).ToDictionary();
        Assert.All(enrollment.Standing.Visits, visits => Assert.Equal(entered[visits.Key], visits.Value));
        if (state == EnrollmentState.Active)
        {
            var planned = ledger.OfType<Decision.Plan>().Select(plan => plan.Touch.Id).ToHashSet();
            planned.ExceptWith(ledger.OfType<Decision.Cancel>().Select(cancel => cancel.Touch));
            planned.ExceptWith(settled);
            Assert.Equal(planned, enrollment.Awaited.ToHashSet());
        }
    }

    // Looking more often than something is due changes nothing.
    private static string Run(Track track, int looksBetween)
    {
        var enrollment = AtStart(track);
        var (now, settled) = (Noon, ImmutableHashSet<TouchId>.Empty);
        var (told, ledger, over) = (new List<string>(), new List<Decision>(), new HashSet<TouchId>());
        for (var turns = 0; turns < MostTurns; turns++)
        {
            var turn = TrackRunner.Advance(track, enrollment, Nobody, Stimulus.Of(settled), now);
            ledger.AddRange(turn.Decisions);
            over.UnionWith(settled);
            AssertReplayed(ledger, over, turn.Enrollment);
            told.AddRange(turn.Decisions.Select(decision => $"{now:HH:mm:ss} {decision}"));
            enrollment = turn.Enrollment with
            {
                Standing = TokenCodec.Read(TokenCodec.Write(turn.Enrollment.Standing)),
            };
            Assert.InRange(enrollment.Tokens.Length, 0, 100);
            if (enrollment.State != EnrollmentState.Active)
            {
                return string.Join('\n', told);
            }

            var awaited = enrollment.Awaited.ToImmutableHashSet();
            var next = awaited.IsEmpty ? enrollment.DueAt(now)!.Value : now.AddSeconds(1);
            for (var look = 1; look <= looksBetween; look++)
            {
                var early = now + ((next - now) * look / (looksBetween + 2));
                var idle = TrackRunner.Advance(track, enrollment, Nobody, Stimulus.None, early);
                Assert.Empty(idle.Decisions);
                enrollment = idle.Enrollment;
            }

            (now, settled) = (next, awaited);
        }

        return string.Join('\n', told);
    }
}
