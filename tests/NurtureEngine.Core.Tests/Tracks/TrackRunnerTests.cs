using System.Collections.Frozen;
using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using NurtureEngine.Core.Touches;
using NurtureEngine.Core.Tracks;
using NurtureEngine.Core.Tracks.Activities;
using NurtureEngine.Core.Tracks.Activities.Actions;
using NurtureEngine.Core.Tracks.Activities.Elsa;
using NurtureEngine.Core.Tracks.Activities.Triggers;
using NurtureEngine.Core.Tracks.Activities.Waits;
using NurtureEngine.Core.Tracks.Flows;
using NurtureEngine.Core.Tracks.Running;

namespace NurtureEngine.Core.Tests.Tracks;

public sealed class TrackRunnerTests
{
    private static readonly DateTimeOffset Noon = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly IReadOnlySet<TouchId> None = new HashSet<TouchId>();

    [Fact]
    public void An_email_is_planned_at_once_and_the_track_waits_for_its_fate()
    {
        var turn = Advance(
            Line(new SendEmail(Id("mail"), "Mail", "hello"), new End(Id("end"), "End")),
            AtStart(),
            None,
            Noon
        );

        var touch = Assert.Single(turn.Decisions.OfType<Decision.Plan>()).Touch;
        Assert.Equal((TouchId.Of(new EnrollmentId(7), Id("mail"), 1), Noon), (touch.Id, touch.DueAt));
        Assert.Null(turn.Enrollment.DueAt(Noon));
    }

    [Fact]
    public void A_wait_sleeps_from_now_and_not_from_when_the_enrollment_was_due()
    {
        var turn = Advance(Line(new Delay(Id("pause"), "Pause", TimeSpan.FromHours(2))), AtStart(), None, Noon);

        Assert.Equal(Noon.AddHours(2), turn.Enrollment.DueAt(Noon));
    }

    [Fact]
    public void Waking_early_changes_nothing()
    {
        var track = Line(new Delay(Id("pause"), "Pause", TimeSpan.FromHours(2)));
        var asleep = Advance(track, AtStart(), None, Noon).Enrollment;
        var woken = Advance(track, asleep, None, Noon.AddHours(1));

        Assert.Empty(woken.Decisions);
        Assert.Equal(asleep.Tokens, woken.Enrollment.Tokens);
    }

    [Fact]
    public void The_end_of_the_last_branch_completes_the_enrollment()
    {
        var turn = Advance(Line(new End(Id("end"), "End")), AtStart(), None, Noon);

        Assert.Equal(EnrollmentState.Completed, turn.Enrollment.State);
        Assert.Single(turn.Decisions.OfType<Decision.Complete>());
    }

    [Fact]
    public void A_terminal_step_ends_its_siblings_too()
    {
        var track = Fork(new SendEmail(Id("mail"), "Mail", "hello"), new End(Id("end"), "End"));
        var turn = Advance(track, AtStart(), None, Noon);

        Assert.Equal(EnrollmentState.Completed, turn.Enrollment.State);
        Assert.Empty(turn.Enrollment.Tokens);
    }

    [Fact]
    public void A_branch_goes_on_while_another_waits()
    {
        var track = Fork(
            new SendEmail(Id("mail"), "Mail", "hello"),
            new Delay(Id("pause"), "Pause", TimeSpan.FromHours(2))
        );
        var turn = Advance(track, AtStart(), None, Noon);
        var settled = Advance(track, turn.Enrollment, new HashSet<TouchId>(turn.Enrollment.Awaited), Noon.AddHours(1));

        Assert.Equal(2, turn.Enrollment.Tokens.Length);
        Assert.Equal("pause", Assert.Single(settled.Enrollment.Tokens).Step.Value);
        Assert.Equal(
            EnrollmentState.Completed,
            Advance(track, settled.Enrollment, None, Noon.AddHours(2)).Enrollment.State
        );
    }

    [Fact]
    public void A_step_that_the_version_does_not_have_parks_the_enrollment_where_it_stands()
    {
        var lost = new Enrollment(new EnrollmentId(7), EnrollmentState.Active, Standing.At(Id("root"), Id("gone")));
        var turn = Advance(Line(new End(Id("end"), "End")), lost, None, Noon);

        Assert.Equal((EnrollmentState.Parked, lost.Tokens), (turn.Enrollment.State, turn.Enrollment.Tokens));
    }

    [Fact]
    public void Where_an_enrollment_stands_reads_back_as_it_was_written()
    {
        var steps = Gen.Elements("a", "step-2", "线索", new string('x', 200)).Select(Id);
        var tokens =
            from step in steps
            from visit in Gen.Choose(1, 1_000_000)
            from kind in Gen.Choose(0, 2)
            from seconds in Gen.Choose(0, int.MaxValue)
            from frame in Gen.Choose(0, 5)
            select new Token(
                step,
                visit,
                kind == 1 ? DateTimeOffset.UnixEpoch.AddSeconds(seconds) : null,
                kind == 2 ? TouchId.Of(new EnrollmentId(seconds), step, visit) : null
            )
            {
                Frame = frame,
                IsBack = seconds % 2 == 0,
            };
        var arrivals = Gen.Choose(-3, 3)
            .Select(ahead => (ahead, ahead > 0))
            .ListOf(3)
            .Select(list => new Arrivals([.. list]));
        var frames =
            from number in Gen.Choose(0, 9)
            from container in steps
            from start in steps
            from joined in steps
            from arrival in arrivals
            select new Frame(number, container)
            {
                Start = start,
                Begun = number,
                IsBack = number % 2 == 0,
                Joins = Frame.NoJoins.Add(joined, arrival),
            };
        var standings =
            from list in Gen.ListOf(tokens)
            from frameList in Gen.ListOf(frames)
            from text in Gen.Elements("", "真", "x=1;\n")
            select new Standing
            {
                Tokens = [.. list],
                Frames = [.. frameList],
                Visits = ImmutableSortedDictionary.Create<string, int>(StringComparer.Ordinal).Add("loop", list.Count),
                Variables = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add("v", text),
            };

        Prop.ForAll(
                standings.ToArbitrary(),
                standing =>
                {
                    var bytes = TokenCodec.Write(standing);
                    Assert.Equal(standing, TokenCodec.Read(bytes));
                    Assert.Equal(
                        standing.Tokens.Where(token => !token.IsEntering).Select(token => token.Step.Value),
                        TokenCodec.ReadPlaces(bytes)
                    );
                }
            )
            .QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Tokens_that_the_first_program_wrote_go_on()
    {
        // Form 1, one token: at "pause", visit 1, asleep until noon.
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write((byte)1);
        writer.Write7BitEncodedInt(1);
        writer.Write("pause");
        writer.Write7BitEncodedInt(1);
        writer.Write((byte)1);
        writer.Write7BitEncodedInt64(Noon.UtcTicks);
        var track = Line(
            new Delay(Id("pause"), "Pause", TimeSpan.FromHours(2)),
            new Delay(Id("next"), "Next", TimeSpan.FromHours(1))
        );
        var turn = Advance(
            track,
            new Enrollment(new EnrollmentId(7), EnrollmentState.Active, TokenCodec.Read(stream.ToArray())),
            None,
            Noon
        );

        Assert.Equal([Id("next")], turn.Decisions.OfType<Decision.Enter>().Select(enter => enter.Step));
        Assert.Equal(Noon.AddHours(1), turn.Enrollment.DueAt(Noon));
    }

    [Fact]
    public void Damaged_tokens_are_a_format_fault_and_nothing_else()
    {
        var bytes =
            from form in Gen.Elements<byte>(1, 2, 3)
            from rest in Gen.ListOf(Gen.Choose(0, 255).Select(value => (byte)value))
            select (byte[])[form, .. rest];

        Prop.ForAll(
                bytes.ToArbitrary(),
                damaged =>
                {
                    var fault = Record.Exception(() => TokenCodec.Read(damaged));
                    var places = Record.Exception(() => TokenCodec.ReadPlaces(damaged));
                    Assert.True(fault is null or FormatException, $"{fault}");
                    Assert.True(places is null or FormatException, $"{places}");
                }
            )
            .QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_waiting_enrollment_takes_few_bytes() =>
        Assert.InRange(
            TokenCodec
                .Write(
                    Standing.At(Id("0123456789abcdef"), Id("0123456789abcdef")) with
                    {
                        Tokens = [new Token(Id("0123456789abcdef"), 1, Noon, null)],
                    }
                )
                .Length,
            1,
            80
        );

    [Fact]
    public void The_same_pass_has_the_same_touch_and_another_has_another()
    {
        var touch = TouchId.Of(new EnrollmentId(1), Id("mail"), 1);

        Assert.Equal(touch, TouchId.Of(new EnrollmentId(1), Id("mail"), 1));
        Assert.Equal(
            4,
            new[]
            {
                touch,
                TouchId.Of(new EnrollmentId(2), Id("mail"), 1),
                TouchId.Of(new EnrollmentId(1), Id("mail2"), 1),
                TouchId.Of(new EnrollmentId(1), Id("mail"), 2),
            }
                .Distinct()
                .Count()
        );
        Assert.Equal('8', touch.Value.ToString()[14]);
    }

    private static StepId Id(string value) => new(value);

    private static Turn Advance(
        Track track,
        Enrollment enrollment,
        IReadOnlySet<TouchId> settled,
        DateTimeOffset now
    ) =>
        TrackRunner.Advance(
            track,
            enrollment,
            new RunValues(RunValues.Nobody, null, Rulebooks.Default, "default"),
            Stimulus.Of(settled),
            now
        );

    private static Enrollment AtStart() =>
        new(new EnrollmentId(7), EnrollmentState.Active, Standing.At(Id("root"), Trigger.Id));

    private static LeadStageChanged Trigger { get; } = new(Id("start"), "Start", "customer", "MQL", null);

    private static Track Line(params Step[] steps)
    {
        Step[] all = [Trigger, .. steps];
        return Of(all, all.Zip(all.Skip(1)).Select(pair => (pair.First.Id, pair.Second.Id)));
    }

    private static Track Fork(params Step[] steps) =>
        Of([Trigger, .. steps], steps.Select(step => (Trigger.Id, step.Id)));

    private static Track Of(Step[] steps, IEnumerable<(StepId From, StepId To)> connections)
    {
        var graph = FlowGraph.From(Trigger.Id, [.. connections.Select(c => new Connection(c.From, Step.Done, c.To))]);
        var root = new Flowchart(
            Id("root"),
            "Root",
            [.. steps.Select(step => step.Id)],
            new[] { graph }.ToFrozenDictionary(each => each.Root),
            Trigger.Id
        );
        return new Track
        {
            DefinitionId = "test",
            Name = "Test",
            Settings = new TrackSettings { Type = "welcome", LifeCycle = "customer" },
            Root = root.Id,
            Steps = steps.Append(root).ToFrozenDictionary(step => step.Id),
        };
    }
}
