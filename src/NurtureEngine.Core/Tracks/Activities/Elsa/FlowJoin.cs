using NurtureEngine.Core.Tracks.Flows;

namespace NurtureEngine.Core.Tracks.Activities.Elsa;

/// <summary>Elsa's join: goes on at the first arrival, or when all branches, or all that live, have arrived.</summary>
public sealed record FlowJoin(StepId Id, string Name) : Step(Id, Name)
{
    public static ActivityType Type { get; } =
        new()
        {
            TypeName = "Elsa.FlowJoin",
            Category = ActivityCategory.Flow,
            DisplayName = new("Join", "合并"),
            Help = new("Brings branches together again.", "合并分支。"),
            Example = new(
                new("Goes on when both branches of a fork are through.", "并行的两个分支都完成后继续。"),
                ("mode", "WaitAll")
            ),
            Inputs =
            [
                new("mode", new("Mode", "模式"))
                {
                    Help = new("When it goes on.", "何时继续。"),
                    Words =
                    [
                        new("WaitAny", new("With the first branch", "首个分支到达")),
                        new("WaitAll", new("With all branches", "全部分支到达")),
                        new("WaitAllActive", new("With all branches that are under way", "进行中的分支全部到达")),
                    ],
                },
            ],
            Compile = reader => new FlowJoin(reader.Id, reader.Name)
            {
                Join = reader.Word("mode") switch
                {
                    "WaitAll" => JoinMode.WaitAll,
                    "WaitAllActive" => JoinMode.WaitAllActive,
                    _ => JoinMode.WaitAny,
                },
            },
        };

    public override StepResult Enter(Visit visit) => new StepResult.Complete(Done);
}
