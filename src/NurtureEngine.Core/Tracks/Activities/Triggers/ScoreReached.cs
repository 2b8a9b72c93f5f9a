using NurtureEngine.Core.Intake;
using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Tracks.Activities.Actions;

namespace NurtureEngine.Core.Tracks.Activities.Triggers;

/// <summary>Trigger: a lead's score comes to a number of points or passes it, from below.</summary>
public sealed record ScoreReached(StepId Id, string Name, int Score) : Step(Id, Name), IEventTrigger
{
    public static ActivityType Type { get; } =
        new()
        {
            TypeName = "Nurture.ScoreReached",
            Category = ActivityCategory.Triggers,
            DisplayName = new("Score reached", "达到评分"),
            Help = new("Starts when a lead's score rises to a value.", "当线索评分升至某值时开始。"),
            Example = new(new("Leads who come to sixty points.", "评分达到 60 的线索。"), ("score", "60")),
            IsTrigger = true,
            Inputs = [new("score", new("Score", "评分")) { Help = new("A whole number.", "整数。") }],
            Compile = reader => new ScoreReached(
                reader.Id,
                reader.Name,
                reader.RequiredInteger("score", 1, AdjustScore.MostPoints)
            ),
        };

    public bool IsFiredBy(CrmEvent crmEvent, Lead before, Lead after) => before.Score < Score && after.Score >= Score;

    public override StepResult Enter(Visit visit) => new StepResult.Complete(Done);
}
