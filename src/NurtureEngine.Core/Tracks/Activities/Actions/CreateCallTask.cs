using NurtureEngine.Core.Touches;
using NurtureEngine.Core.Tracks.Running;

namespace NurtureEngine.Core.Tracks.Activities.Actions;

/// <summary>Asks a person to call the lead, and goes on at once. What is said in the subject is for that person only.</summary>
public sealed record CreateCallTask(StepId Id, string Name, TextValue Subject, TimeSpan DueIn) : Step(Id, Name)
{
    public static ActivityType Type { get; } =
        new()
        {
            TypeName = "Nurture.CreateCallTask",
            Category = ActivityCategory.Sales,
            ReachesLead = true,
            DisplayName = new("Create call task", "创建电话任务"),
            Help = new("Asks the lead's owner to call, and goes on at once.", "请线索负责人致电，流程立即继续。"),
            Example = new(
                new("A call to everyone who has seen the prices.", "致电看过报价的每个人。"),
                ("subject", "Ask {{ lead.name }} about the offer"),
                ("dueIn", "1d")
            ),
            Inputs =
            [
                new("subject", new("Subject", "主题"))
                {
                    Help = new(
                        "What the call is about; may read the lead with {{ }}.",
                        "电话主题；可用 {{ }} 读取线索。"
                    ),
                },
                new("dueIn", new("Due within", "期限")) { Help = new("How soon, such as 1d.", "期限，如 1d。") },
            ],
            Compile = reader => new CreateCallTask(
                reader.Id,
                reader.Name,
                reader.TextValue("subject"),
                reader.Duration("dueIn")
            ),
        };

    public override bool ReadsLead => Subject is TextValue.Scripted;

    public override bool ReachesLead => true;

    public override StepResult Enter(Visit visit) =>
        Subject.In(visit.Values) is { } subject
            ? new StepResult.Complete(Done)
            {
                Decisions =
                [
                    new Decision.Ask(
                        new CallTask(
                            TouchId.Of(visit.Enrollment, visit.Step, visit.Number),
                            visit.Step,
                            subject,
                            visit.Now + DueIn
                        )
                    ),
                ],
            }
            : new StepResult.Fault("value.missing", Name);
}

/// <summary>A call that a person is asked to make until an instant (business time); its id derives from the step's visit.</summary>
public sealed record CallTask(TouchId Id, StepId Step, string Subject, DateTimeOffset DueAt);
