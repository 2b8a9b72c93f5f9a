using NurtureEngine.Core.Intake;

namespace NurtureEngine.Core.Tracks.Activities.Actions;

/// <summary>Adds points to the lead's score, or takes some away; the reason stands on the lead's timeline.</summary>
public sealed record AdjustScore(StepId Id, string Name, int By, string Reason) : ChangeStep(Id, Name)
{
    public const int MostPoints = 1_000_000;

    public static ActivityType Type { get; } =
        new()
        {
            TypeName = "Nurture.AdjustScore",
            Category = ActivityCategory.Lead,
            DisplayName = new("Adjust score", "调整评分"),
            Help = new("Adds points to the lead's score, or takes some away.", "增加或减少线索评分。"),
            Example = new(
                new("Ten points for an answer.", "回复加 10 分。"),
                ("by", "10"),
                ("reason", "Replied to the offer")
            ),
            Inputs =
            [
                new("by", new("Points", "分值")) { Help = new("Points, such as 10 or -5.", "分值，如 10 或 -5。") },
                new("reason", new("Reason", "原因"))
                {
                    Shape = InputShape.Paragraph,
                    Help = new("Stands beside the points in the lead's record.", "与分值一同显示在线索记录中。"),
                },
            ],
            Compile = Read,
        };

    protected override LeadChange? ChangeFor(Visit visit, LeadChange empty) =>
        empty with
        {
            ScoreBy = By,
            Reason = Reason,
        };

    private static AdjustScore Read(ActivityReader reader)
    {
        var points = reader.RequiredInteger("by", -MostPoints, MostPoints);
        if (points == 0 && reader.Text("by") == "0")
        {
            reader.Fault("by", "is 0 and would change nothing; expected points to add, or with a minus to take away.");
        }

        return new AdjustScore(reader.Id, reader.Name, points, reader.Text("reason") ?? reader.Name);
    }
}
