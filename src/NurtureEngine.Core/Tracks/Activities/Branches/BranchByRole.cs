using System.Collections.Immutable;

namespace NurtureEngine.Core.Tracks.Activities.Branches;

/// <summary>Leaves by the port of the lead's role, or by <c>Other</c> where the role has none or is not known.</summary>
public sealed record BranchByRole(StepId Id, string Name, ImmutableArray<string> Roles) : Step(Id, Name)
{
    private const string Other = "Other";

    public static ActivityType Type { get; } =
        new()
        {
            TypeName = "Nurture.BranchByRole",
            Category = ActivityCategory.Branches,
            DisplayName = new("Branch by role", "按角色分支"),
            Help = new(
                "Goes on by the lead's role in the purchase; other and unknown roles leave by Other.",
                "按线索在采购中的角色分支；其他或未知角色走“其他”。"
            ),
            Example = new(
                new("One text for those who decide, another one for those who advise.", "决策者与影响者收到不同内容。"),
                ("roles", "DecisionMaker, Influencer")
            ),
            Inputs =
            [
                new("roles", new("Roles", "角色"))
                {
                    Shape = InputShape.Ports,
                    Help = new(
                        "One way out for each of these roles: Initiator, DecisionMaker, Buyer, Influencer, Gatekeeper, User.",
                        "每个角色一个出口：Initiator、DecisionMaker、Buyer、Influencer、Gatekeeper、User。"
                    ),
                    Preset = ["DecisionMaker", "Influencer"],
                },
            ],
            Ports = [Other],
            Compile = reader => new BranchByRole(reader.Id, reader.Name, reader.RequiredTexts("roles")),
            MorePorts = step => ((BranchByRole)step).Roles,
        };

    public override bool ReadsLead => true;

    public override StepResult Enter(Visit visit)
    {
        var role = visit.Values.Lead.Role;
        return new StepResult.Complete(
            Roles.FirstOrDefault(known => string.Equals(known, role, StringComparison.OrdinalIgnoreCase)) ?? Other
        );
    }
}
