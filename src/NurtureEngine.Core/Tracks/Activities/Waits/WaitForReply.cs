using System.Collections.Immutable;
using NurtureEngine.Core.Intake;

namespace NurtureEngine.Core.Tracks.Activities.Waits;

/// <summary>Waits until the lead replies. A reply since the track's latest e-mail was planned counts.</summary>
public sealed record WaitForReply(StepId Id, string Name, TimeSpan? Timeout) : Step(Id, Name)
{
    private const string Replied = "Replied";

    public static ActivityType Type { get; } =
        new()
        {
            TypeName = "Nurture.WaitForReply",
            Category = ActivityCategory.Waits,
            DisplayName = new("Wait for reply", "等待回复"),
            Help = new("Waits until the lead replies.", "等待线索回复。"),
            Example = new(
                new("Five days for an answer; who is silent leaves by Timed out.", "等待回复五天；未回复走“超时”。"),
                ("timeout", "5d")
            ),
            Inputs =
            [
                new("timeout", new("At most", "最长等待"))
                {
                    Help = new("How long it waits at most, such as 5d.", "最长等待时间，如 5d。"),
                },
            ],
            Ports = [Replied, TimedOut],
            Compile = reader => new WaitForReply(reader.Id, reader.Name, reader.OptionalDuration("timeout")),
        };

    public override ImmutableSortedDictionary<string, string> Awaits => NoSignals.Add(EventTypes.Replied, Replied);

    public override string DuePort => TimedOut;

    public override bool Waits => true;

    public override bool TakesTime => true;

    public override bool IsEndless => Timeout is null;

    public override StepResult Enter(Visit visit) => new StepResult.Listen(visit.Now + Timeout);
}
