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
            ReachesLead = true,
            DisplayName = new("Send e-mail", "发送邮件"),
            Help = new(
                "Sends an e-mail at the next allowed moment, and goes on when it has left or was skipped.",
                "在下一个允许的时刻发送邮件，发出或跳过后继续。"
            ),
            Example = new(
                new("The first e-mail of the welcome track.", "欢迎轨道的第一封邮件。"),
                ("templateId", "welcome-benchmark")
            ),
            Inputs =
            [
                new("templateId", new("Content", "内容"))
                {
                    Help = new("What is sent.", "要发送的内容。"),
                    Offer = InputOffer.Contents,
                    Channel = Channel.Email,
                },
            ],
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
