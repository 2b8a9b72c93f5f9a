using NurtureEngine.Core.Tracks.Running;

namespace NurtureEngine.Core.Tracks.Activities.Elsa;

/// <summary>Writes a line for who traces the track; it is kept nowhere, since it may name somebody.</summary>
public sealed record WriteLine(StepId Id, string Name, TextValue Line) : Step(Id, Name)
{
    public static ActivityType Type { get; } =
        new()
        {
            TypeName = "Elsa.WriteLine",
            Category = ActivityCategory.Flow,
            DisplayName = new("Write line", "输出一行"),
            Help = new("Writes a line into the lead's record.", "在线索记录中写入一行。"),
            Example = new(
                new("A note of why the lead is here.", "注明线索为何到此。"),
                ("text", "Came by {{ lead.country }}")
            ),
            Inputs =
            [
                new("text", new("Text", "文本"))
                {
                    Shape = InputShape.Paragraph,
                    Help = new("May read the lead with {{ }}.", "可用 {{ }} 读取线索。"),
                },
            ],
            Compile = reader => new WriteLine(reader.Id, reader.Name, reader.TextValue("text")),
        };

    public override bool ReadsLead => Line is TextValue.Scripted;

    public override StepResult Enter(Visit visit) =>
        new StepResult.Complete(Done) { Decisions = [new Decision.Write(Id, Line.In(visit.Values) ?? "")] };
}
