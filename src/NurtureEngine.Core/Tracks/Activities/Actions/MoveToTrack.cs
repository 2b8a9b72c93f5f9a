using NurtureEngine.Core.Intake;
using NurtureEngine.Core.Tracks.Running;

namespace NurtureEngine.Core.Tracks.Activities.Actions;

/// <summary>The lead leaves this track for another one, which it enters at its first trigger if it is of its audience.</summary>
public sealed record MoveToTrack(StepId Id, string Name, string Target) : Step(Id, Name)
{
    public const string Moved = "track.moved";

    public static ActivityType Type { get; } =
        new()
        {
            TypeName = "Nurture.MoveToTrack",
            Category = ActivityCategory.Flow,
            DisplayName = new("Move to track", "转入轨道"),
            Help = new("Ends this track for the lead and enters another one.", "结束本轨道并转入另一轨道。"),
            Example = new(
                new("Who has read everything goes on to the product track.", "读完全部内容后转入产品轨道。"),
                ("track", "product")
            ),
            Inputs =
            [
                new("track", new("Track", "轨道"))
                {
                    Help = new("Where the lead goes on.", "转入的轨道。"),
                    Offer = InputOffer.Tracks,
                },
            ],
            Ports = [],
            Compile = reader => new MoveToTrack(reader.Id, reader.Name, reader.RequiredText("track")),
        };

    public override StepResult Enter(Visit visit) =>
        new StepResult.Exit(Moved, Target)
        {
            Decisions = [new Decision.Change(new LeadChange(visit.Enrollment, Id, visit.Number) { MoveTo = Target })],
        };
}
