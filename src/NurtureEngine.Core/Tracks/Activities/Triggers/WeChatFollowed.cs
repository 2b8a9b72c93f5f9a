using NurtureEngine.Core.Intake;
using NurtureEngine.Core.Leads;

namespace NurtureEngine.Core.Tracks.Activities.Triggers;

/// <summary>Trigger: somebody follows an official account, by whichever code or a given one.</summary>
public sealed record WeChatFollowed(StepId Id, string Name, string? Scene) : Step(Id, Name), IEventTrigger
{
    public static ActivityType Type { get; } =
        new()
        {
            TypeName = "Nurture.WeChatFollowed",
            Category = ActivityCategory.Triggers,
            DisplayName = new("WeChat followed", "关注公众号"),
            Help = new("Starts when a person follows one of our official accounts.", "当用户关注我们的公众号时开始。"),
            Example = new(
                new("Whoever scans the code at our stand of the fair.", "扫描展会展台二维码的人。"),
                ("scene", "fair-2027")
            ),
            IsTrigger = true,
            Inputs =
            [
                new("scene", new("Scene", "场景值"))
                {
                    Help = new(
                        "The scene of the QR code that was scanned; empty for any way to follow.",
                        "所扫描二维码的场景值；留空不限。"
                    ),
                },
            ],
            Compile = reader => new WeChatFollowed(reader.Id, reader.Name, reader.Text("scene")),
        };

    public bool IsFiredBy(CrmEvent crmEvent, Lead before, Lead after) =>
        crmEvent.Type == EventTypes.WeChatFollowed && (Scene is null || crmEvent.Activity?.IsNamed(Scene) == true);

    public override StepResult Enter(Visit visit) => new StepResult.Complete(Done);
}
