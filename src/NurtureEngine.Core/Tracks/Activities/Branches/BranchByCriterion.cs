using NurtureEngine.Core.Leads;

namespace NurtureEngine.Core.Tracks.Activities.Branches;

/// <summary>Leaves by <c>Met</c> where there is evidence that the lead meets a criterion, else by <c>Open</c>.</summary>
public sealed record BranchByCriterion(StepId Id, string Name, string Criterion) : Step(Id, Name)
{
    public static ActivityType Type { get; } =
        new()
        {
            TypeName = "Nurture.BranchByCriterion",
            Category = ActivityCategory.Branches,
            DisplayName = new("Branch by criterion", "按标准分支"),
            Help = new("Goes on by whether a criterion of qualification is met.", "按某项鉴别标准是否满足分支。"),
            Example = new(
                new(
                    "Who has a budget goes to sales, everybody else is asked for it.",
                    "有预算的转交销售，其他人继续询问。"
                ),
                ("criterion", "Budget")
            ),
            Inputs =
            [
                new("criterion", new("Criterion", "标准"))
                {
                    Help = new("Which criterion.", "标准。"),
                    Offer = InputOffer.Criteria,
                },
            ],
            Ports = ["Met", "Open"],
            Compile = reader => new BranchByCriterion(reader.Id, reader.Name, reader.Criterion("criterion")),
        };

    public override bool ReadsLead => true;

    public override StepResult Enter(Visit visit) =>
        new StepResult.Complete(Evidence.Of(visit.Values.Lead, Criterion) is null ? "Open" : "Met");
}
