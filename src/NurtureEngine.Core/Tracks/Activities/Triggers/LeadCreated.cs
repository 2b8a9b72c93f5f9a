namespace NurtureEngine.Core.Tracks.Activities.Triggers;

/// <summary>Trigger: a lead becomes known, by whatever event names it first.</summary>
public sealed record LeadCreated(StepId Id, string Name) : Step(Id, Name)
{
    public static ActivityType Type { get; } =
        new()
        {
            TypeName = "Nurture.LeadCreated",
            Category = ActivityCategory.Triggers,
            DisplayName = new("Lead created", "新线索"),
            Help = new("Starts when a lead becomes known.", "当出现新线索时开始。"),
            Example = new(
                new(
                    "The welcome track: every new lead, whichever source it comes from.",
                    "欢迎轨道：来自任何来源的新线索。"
                )
            ),
            IsTrigger = true,
            Compile = reader => new LeadCreated(reader.Id, reader.Name),
        };

    public override StepResult Enter(Visit visit) => new StepResult.Complete(Done);
}
