using System.Collections.Immutable;

namespace NurtureEngine.Core.Tracks.Activities.Elsa;

/// <summary>Elsa's switch: leaves by the port of the first case that holds, or of every one that does, else by <c>Default</c>.</summary>
public sealed record FlowSwitch(
    StepId Id,
    string Name,
    ImmutableArray<(string Port, Predicate Condition)> Cases,
    bool MatchesAll
) : Step(Id, Name)
{
    public static ActivityType Type { get; } =
        new()
        {
            TypeName = "Elsa.FlowSwitch",
            Category = ActivityCategory.Branches,
            DisplayName = new("Switch", "多路选择"),
            Help = new(
                "Goes on by the first condition that holds, or by each that does.",
                "按首个（或每个）成立的条件分支。"
            ),
            Example = new(
                new("Three ways out by score: hot, warm, and Default.", "按评分分三个出口：热、温、默认。"),
                ("cases", "hot: lead.score >= 60, warm: lead.score >= 30"),
                ("mode", "MatchFirst")
            ),
            Inputs =
            [
                new("cases", new("Cases", "分支"))
                {
                    Shape = InputShape.Cases,
                    Help = new("Conditions, each with the name of its way out.", "条件及其出口名称。"),
                },
                new("mode", new("Mode", "模式"))
                {
                    Help = new("By which way leads leave.", "如何离开。"),
                    Words =
                    [
                        new("MatchFirst", new("By the first that holds", "首个成立的条件")),
                        new("MatchAny", new("By each that holds", "每个成立的条件")),
                    ],
                },
            ],
            Ports = ["Default"],
            Compile = reader => new FlowSwitch(
                reader.Id,
                reader.Name,
                reader.Cases("cases"),
                reader.Word("mode") == "MatchAny"
            ),
            MorePorts = step => ((FlowSwitch)step).Cases.Select(c => c.Port),
        };

    public override bool ReadsLead => Cases.Any(c => c.Condition is Predicate.Scripted);

    public override StepResult Enter(Visit visit)
    {
        var ports = ImmutableArray.CreateBuilder<string>();
        foreach (var (port, condition) in Cases)
        {
            switch (condition.Holds(visit.Values))
            {
                case null:
                    return new StepResult.Fault("condition.failed", Name);
                case true:
                    ports.Add(port);
                    break;
            }

            if (ports.Count > 0 && !MatchesAll)
            {
                break;
            }
        }

        return new StepResult.Complete(ports.Count > 0 ? ports.ToImmutable() : ["Default"]);
    }
}
