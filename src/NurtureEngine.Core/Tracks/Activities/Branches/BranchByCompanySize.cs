using System.Globalization;
using System.Text.RegularExpressions;
using NurtureEngine.Core.Leads;

namespace NurtureEngine.Core.Tracks.Activities.Branches;

/// <summary>
/// Leaves by <c>Small</c>, <c>Medium</c> or <c>Large</c> by the account's number of employees: the first number of a text such as
/// 51-200, 1,000+, 10k or 1.5万人. <c>Unknown</c> where the size is not known or holds no number.
/// </summary>
public sealed partial record BranchByCompanySize(StepId Id, string Name, int SmallBelow, int LargeFrom) : Step(Id, Name)
{
    public static ActivityType Type { get; } =
        new()
        {
            TypeName = "Nurture.BranchByCompanySize",
            Category = ActivityCategory.Branches,
            DisplayName = new("Branch by company size", "按公司规模分支"),
            Help = new("Goes on by the number of people in the lead's company.", "按公司人数分支。"),
            Example = new(
                new("Small companies get the starter offer, large ones a call.", "小公司收到入门方案，大公司致电。"),
                ("smallBelow", "50"),
                ("largeFrom", "1000")
            ),
            Inputs =
            [
                new("smallBelow", new("Small below", "小型上限"))
                {
                    Help = new("Fewer people than this are a small company.", "少于该人数为小型公司。"),
                },
                new("largeFrom", new("Large from", "大型下限"))
                {
                    Help = new("So many people or more are a large company.", "达到该人数为大型公司。"),
                },
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
        var found = FirstNumber().Match(size ?? "");
        if (
            !found.Success
            || !decimal.TryParse(Plain(found.Groups["number"].Value), CultureInfo.InvariantCulture, out var number)
        )
        {
            return null;
        }

        var unit = found.Groups["unit"].Value switch
        {
            "k" or "K" or "千" => 1_000m,
            "万" or "萬" => 10_000m,
            _ => 1m,
        };
        return (long)(number * unit);
    }

    // A comma or point before three digits groups thousands, whatever the country; any other point is a decimal one.
    private static string Plain(string number) => Grouping().Replace(number, "");

    [GeneratedRegex(
        @"(?<number>[0-9]{1,9}(?:[.,][0-9]{1,3})*)\s*(?<unit>[kK](?![a-zA-Z])|[千万萬])?",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex FirstNumber();

    [GeneratedRegex("[.,](?=[0-9]{3}(?![0-9]))", RegexOptions.CultureInvariant)]
    private static partial Regex Grouping();
}
