namespace NurtureEngine.Core.Tracks.Activities.Actions;

/// <summary>The aim of the track is reached: the lead leaves it, and the track is judged by how many come here.</summary>
public sealed record Goal(StepId Id, string Name) : Step(Id, Name)
{
    public static ActivityType Type { get; } =
        new()
        {
            TypeName = "Nurture.Goal",
            Category = ActivityCategory.Flow,
            DisplayName = new("Goal reached", "目标达成"),
            Help = new(
                "The lead has reached the track's aim; the track ends as a success.",
                "线索达成轨道目标，轨道成功结束。"
            ),
            Example = new(new("After the step that hands over to sales.", "放在转交销售之后。")),
            Ports = [],
            Compile = reader => new Goal(reader.Id, reader.Name),
        };

    public override StepResult Enter(Visit visit) => new StepResult.Exit("goal.reached", Name);
}
