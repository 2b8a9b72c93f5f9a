using System.Globalization;
using NurtureEngine.Core.Leads;

namespace NurtureEngine.Core.Tracks.Activities;

/// <summary>
/// Leaves by <c>Small</c>, <c>Medium</c> or <c>Large</c> by the account's number of employees; of a range such as 51-200 the lower
/// end counts. <c>Unknown</c> where the size is not known or is no number.
/// </summary>
public sealed record BranchByCompanySize(StepId Id, string Name, int SmallBelow, int LargeFrom) : Step(Id, Name)
{
    public static ActivityType Type { get; } =
        new()
        {
            TypeName = "Nurture.BranchByCompanySize",
            DisplayName = new("Branch by company size", "按公司规模分支"),
            Inputs =
            [
                new("smallBelow", new("Small below", "小型上限")),
                new("largeFrom", new("Large from", "大型下限")),
            ],
            Ports = ["Small", "Medium", "Large", "Unknown"],
            Compile = Read,
        };

    public override bool ReadsLead => true;

    public override StepResult Enter(Visit visit) =>
        new StepResult.Complete(
            EmployeesIn(visit.Values.Account?.Fields[Fields.Size]) switch
            {
                null => "Unknown",
                { } size when size < SmallBelow => "Small",
                { } size when size >= LargeFrom => "Large",
                _ => "Medium",
            }
        );

    private static BranchByCompanySize Read(ActivityReader reader)
    {
        var (small, large) = (
            reader.Integer("smallBelow", 50, 1, 10_000_000),
            reader.Integer("largeFrom", 1_000, 1, 10_000_000)
        );
        if (small > large)
        {
            reader.Fault("smallBelow", $"is {small}, above 'largeFrom' with {large}; expected at most as much.");
        }

        return new BranchByCompanySize(reader.Id, reader.Name, small, large);
    }

    private static long? EmployeesIn(string? size)
    {
        var digits = string.Concat(
            (size ?? "")
                .Replace(",", "", StringComparison.Ordinal)
                .SkipWhile(c => !char.IsAsciiDigit(c))
                .TakeWhile(char.IsAsciiDigit)
        );
        return long.TryParse(digits, CultureInfo.InvariantCulture, out var number) ? number : null;
    }
}
