using NurtureEngine.Core.Touches;

namespace NurtureEngine.Core.Tracks.Activities.Actions;

/// <summary>Plans one e-mail, at the track's cadence where it has one, and goes on when it has left or is settled otherwise.</summary>
public sealed record SendEmail(StepId Id, string Name, string ContentKey) : Step(Id, Name)
{
    public static ActivityType Type { get; } =
        new()
        {
            TypeName = "Nurture.SendEmail",
            Category = ActivityCategory.Messages,
            DisplayName = new("Send e-mail", "发送邮件"),
            Inputs = [new("templateId", new("Content", "内容"))],
            Compile = reader => new SendEmail(reader.Id, reader.Name, reader.Content("templateId", "email")),
        };

    public override bool Waits => true;

    public override bool ReachesLead => true;

    public override StepResult Enter(Visit visit) =>
        new StepResult.Send(
            new PlannedTouch(
                TouchId.Of(visit.Enrollment, visit.Step, visit.Number),
                visit.Step,
                visit.Number,
                Channel.Email,
                ContentKey,
                visit.NextMoment,
                visit.Track.Settings.Priority
            )
        );
}
