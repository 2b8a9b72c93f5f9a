namespace NurtureEngine.Core.Tracks.Activities.Branches;

/// <summary>Leaves by the port of the account's tier; an account without one has the rulebook's.</summary>
public sealed record BranchByTier(StepId Id, string Name) : Step(Id, Name)
{
    public static ActivityType Type { get; } =
        new()
        {
            TypeName = "Nurture.BranchByTier",
            Category = ActivityCategory.Branches,
            DisplayName = new("Branch by tier", "按客户层级分支"),
            Help = new("Goes on by the tier of the lead's company.", "按客户公司的层级分支。"),
            Example = new(
                new(
                    "T1 gets a call, T2 an e-mail that a person has approved, T3 the newsletter.",
                    "T1 致电，T2 发送人工批准的邮件，T3 发送通讯。"
                )
            ),
            Ports = ["T1", "T2", "T3"],
            Compile = reader => new BranchByTier(reader.Id, reader.Name),
        };

    public override bool ReadsLead => true;

    public override StepResult Enter(Visit visit) => new StepResult.Complete($"{visit.Values.Tier}");
}
