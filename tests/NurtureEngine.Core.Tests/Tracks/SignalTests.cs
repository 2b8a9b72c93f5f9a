using System.Collections.Immutable;
using NurtureEngine.Core.Tracks;
using NurtureEngine.Core.Tracks.Running;

namespace NurtureEngine.Core.Tests.Tracks;

/// <summary>What a lead does resumes the steps that wait for it.</summary>
public sealed class SignalTests
{
    private static readonly DateTimeOffset Noon = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly RunValues Nobody = new(RunValues.Nobody, null, Rulebooks.Default, "default");

    [Theory]
    // In time, late, another one.
    [InlineData("T>R R.Replied>A R.TimedOut>B", "R reply 2d", "24 activity.replied", "T R ~ A")]
    [InlineData("T>R R.Replied>A R.TimedOut>B", "R reply 2d", "", "T R ~ B")]
    [InlineData("T>R R.Replied>A R.TimedOut>B", "R reply 2d", "24 activity.page_visited", "T R ~ B")]
    [InlineData("T>R R.Replied>A R.TimedOut>B", "R reply 2d", "48 activity.replied", "T R ~ B")]
    // A turn that comes late goes by when things happened.
    [InlineData("T>R R.Replied>A R.TimedOut>B", "R reply 2d", "72< activity.replied@24", "T R ~ A")]
    [InlineData("T>R R.Replied>A R.TimedOut>B", "R reply 2d", "72< activity.replied@60", "T R ~ B")]
    // By name, whatever its case.
    [InlineData(
        "T>E E.Happened>A E.TimedOut>B",
        "E await visit Pricing 2d",
        "1 activity.page_visited pricing",
        "T E ~ A"
    )]
    [InlineData("T>E E.Happened>A E.TimedOut>B", "E await visit Pricing 2d", "1 activity.page_visited home", "T E ~ B")]
    [InlineData("T>E E.Happened>A E.TimedOut>B", "E await noShow Fair 2d", "1 activity.event_missed fair", "T E ~ A")]
    // Done before anybody waited for it: counts once.
    [InlineData("T>W W>E E.Happened>A", "W delay 2d; E await visit x 2d", "1 activity.page_visited x", "T W ~ E A")]
    [InlineData(
        "T>W W>E E.Happened>F F.Happened>A F.TimedOut>B",
        "W delay 2d; E await visit x 2d; F await visit x 2d",
        "1 activity.page_visited x",
        "T W ~ E F ~ B"
    )]
    // With an e-mail, what was heard of earlier ones is over.
    [InlineData(
        "T>W W>M M>G G.Engaged>A G.TimedOut>B",
        "W delay 2d; M mail; G engage any 2d",
        "1 activity.email_opened",
        "T W ~ M ~ G ~ B"
    )]
    [InlineData(
        "T>M M>W W>G G.Engaged>A",
        "W delay 2d; M mail; G engage open 2d",
        "24 activity.email_opened",
        "T M ~ W ~ G A"
    )]
    [InlineData("T>G G.Engaged>A G.TimedOut>B", "G engage click 2d", "24 activity.email_opened", "T G ~ B")]
    [InlineData("T>G G.Engaged>A G.TimedOut>B", "G engage response 2d", "24 activity.email_opened", "T G ~ B")]
    [InlineData("T>G G.Engaged>A G.TimedOut>B", "G engage response 2d", "24 activity.link_clicked", "T G ~ A")]
    [InlineData("T>G G.Engaged>A G.TimedOut>B", "G engage response 2d", "24 activity.replied", "T G ~ A")]
    // Several that wait all go on; a race is won by the first.
    [InlineData("T>R T>S R.Replied>A S.Replied>B", "R reply 2d; S reply 2d", "1 activity.replied", "T R S ~ A B")]
    [InlineData(
        "T>R T>W R.Replied>J W>J J>A",
        "R reply 2d; W delay 1d; J join WaitAny",
        "1 activity.replied",
        "T R W ~ J A"
    )]
    public void A_step_goes_on_when_what_it_waits_for_happens(
        string connections,
        string kinds,
        string signals,
        string expected
    )
    {
        var track = FlowScenario.Compile(connections, kinds, out var faults)!;

        Assert.Empty(faults);
        Assert.Equal(expected, string.Join(' ', Run(track, signals)));
    }

    [Fact]
    public void An_event_of_any_type_can_be_waited_for_within_a_time_limit()
    {
        var track = FlowScenario.Compile("T>H H>A", "H hear activity.demo_requested", out _, ("timeLimit", "30d"))!;

        Assert.Equal(["T", "H", "~", "A"], Run(track, "5 activity.demo_requested"));
        Assert.Equal(["T", "H", "~", "time.over"], Run(track, ""));
    }

    [Theory]
    [InlineData("T>R", "R reply", "may have no end")]
    [InlineData("T>H", "H hear activity.x", "may have no end")]
    [InlineData("T>H", "H hear demo", "'demo' is no type of event")]
    [InlineData("T>E", "E await party x 2d", "'party' is not known; expected one of download, attendance")]
    public void A_wait_that_can_not_end_is_a_fault(string connections, string kinds, string expected)
    {
        Assert.Null(FlowScenario.Compile(connections, kinds, out var faults));
        Assert.Contains(faults, fault => fault.Contains(expected, StringComparison.Ordinal));
    }

    // "24 kind name": a turn at that hour that is told of it. "72< kind@24": a turn at hour 72, told of hour 24. Otherwise a turn
    // whenever one is due; touches are settled a second after they were planned.
    private static IEnumerable<string> Run(Track track, string signals)
    {
        var open = new Queue<(DateTimeOffset Turn, Signal Signal)>(
            signals.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Read)
        );
        var isHeldUp = signals.Contains('<', StringComparison.Ordinal);
        var enrollment = new Enrollment(
            new EnrollmentId(7),
            EnrollmentState.Active,
            Standing.At(track.Root, new StepId("T"))
        )
        {
            EnteredAt = Noon,
        };
        var (now, stimulus) = (Noon, Stimulus.None);
        for (var turns = 0; turns < 20; turns++)
        {
            var turn = TrackRunner.Advance(track, enrollment, Nobody, stimulus, now);
            enrollment = turn.Enrollment with
            {
                Standing = TokenCodec.Read(TokenCodec.Write(turn.Enrollment.Standing)),
            };
            var entered = turn.Decisions.OfType<Decision.Enter>().Select(enter => enter.Step.Value).ToList();
            foreach (var step in entered)
            {
                yield return step;
            }

            if (enrollment.State != EnrollmentState.Active)
            {
                if (turn.Decisions[^1] is Decision.Exit exit)
                {
                    yield return exit.Code;
                }

                yield break;
            }

            if (entered.Count > 0)
            {
                yield return "~";
            }

            var settled = enrollment.Awaited.ToImmutableHashSet();
            var due = settled.IsEmpty ? enrollment.DueAt(now)!.Value : now.AddSeconds(1);
            if (open.TryPeek(out var next) && (isHeldUp || next.Turn < due))
            {
                (now, stimulus) = (next.Turn, Stimulus.Of(open.Dequeue().Signal));
            }
            else
            {
                (now, stimulus) = (due, Stimulus.Of(settled));
            }
        }
    }

    private static (DateTimeOffset, Signal) Read(string text)
    {
        var words = text.Split(' ');
        var turn = Noon.AddHours(int.Parse(words[0].TrimEnd('<'), System.Globalization.CultureInfo.InvariantCulture));
        var kind = words[1].Split('@');
        var at =
            kind.Length > 1
                ? Noon.AddHours(int.Parse(kind[1], System.Globalization.CultureInfo.InvariantCulture))
                : turn;
        return (turn, new Signal(kind[0], at) { Name = words.ElementAtOrDefault(2) });
    }
}
