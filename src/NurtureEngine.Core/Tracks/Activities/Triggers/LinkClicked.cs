using NurtureEngine.Core.Intake;
using NurtureEngine.Core.Leads;

namespace NurtureEngine.Core.Tracks.Activities.Triggers;

/// <summary>Trigger: a lead clicks a link, whichever or one of a given name.</summary>
public sealed record LinkClicked(StepId Id, string Name, string? Link) : Step(Id, Name), IEventTrigger
{
    public static ActivityType Type { get; } =
        new()
        {
            TypeName = "Nurture.LinkClicked",
            Category = ActivityCategory.Triggers,
            DisplayName = new("Link clicked", "点击链接"),
            Help = new(
                "Starts when a lead clicks a link in one of our messages.",
                "当线索点击我们消息中的链接时开始。"
            ),
            Example = new(
                new("Whoever clicks the link to the comparison.", "点击对比链接的人。"),
                ("link", "comparison")
            ),
            IsTrigger = true,
            Inputs =
            [
                new("link", new("Link", "链接"))
                {
                    Help = new("The link's name or address; empty for any link.", "链接名称或地址；留空不限。"),
                },
            ],
            Compile = reader => new LinkClicked(reader.Id, reader.Name, reader.Text("link")),
        };

    public bool IsFiredBy(CrmEvent crmEvent, Lead before, Lead after) =>
        crmEvent.Type == EventTypes.LinkClicked && (Link is null || crmEvent.Activity?.IsNamed(Link) == true);

    public override StepResult Enter(Visit visit) => new StepResult.Complete(Done);
}
