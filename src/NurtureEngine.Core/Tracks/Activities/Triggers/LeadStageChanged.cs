using NurtureEngine.Core.Facts;

namespace NurtureEngine.Core.Tracks.Activities.Triggers;

/// <summary>Trigger: a lead arrives at a stage of a life cycle, from whichever stage or from a given one.</summary>
public sealed record LeadStageChanged(StepId Id, string Name, string LifeCycle, string Stage, string? From)
    : Step(Id, Name)
{
    public static ActivityType Type { get; } =
        new()
        {
            TypeName = "Nurture.LeadStageChanged",
            Category = ActivityCategory.Triggers,
            DisplayName = new("Lead stage changed", "线索阶段变更"),
            Help = new(
                "Starts when the CRM says that a lead has reached a stage.",
                "当 CRM 报告线索到达某阶段时开始。"
            ),
            Example = new(
                new("A track for leads who were just qualified by marketing.", "面向刚通过市场鉴别的线索。"),
                ("stage", "MQL"),
                ("from", "RL")
            ),
            IsTrigger = true,
            Inputs =
            [
                new("stage", new("Stage", "阶段"))
                {
                    Help = new("The stage that is reached.", "到达的阶段。"),
                    Offer = InputOffer.Stages,
                },
                new("from", new("From stage", "来源阶段"))
                {
                    Help = new("Only coming from this stage; empty for any.", "仅限来自该阶段；留空不限。"),
                    Offer = InputOffer.Stages,
                },
                new("lifeCycle", new("Life cycle", "生命周期"))
                {
                    Help = new("Empty for the track's own.", "留空为轨道自身的生命周期。"),
                    Offer = InputOffer.LifeCycles,
                },
            ],
            Compile = Read,
        };

    public override StepResult Enter(Visit visit) => new StepResult.Complete(Done);

    public bool IsFiredBy(StageMove move) =>
        move.MayTrigger
        && move.Stage.LifeCycle == LifeCycle
        && move.Stage.Stage == Stage
        && (From is null || From == move.From);

    private static LeadStageChanged Read(ActivityReader reader)
    {
        var cycle = reader.LifeCycle("lifeCycle");
        return new LeadStageChanged(
            reader.Id,
            reader.Name,
            cycle?.Name ?? "",
            reader.Stage("stage", cycle, required: true) ?? "",
            reader.Stage("from", cycle, required: false)
        );
    }
}
