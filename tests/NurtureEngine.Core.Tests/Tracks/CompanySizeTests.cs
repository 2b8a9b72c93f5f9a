using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Tracks;
using NurtureEngine.Core.Tracks.Activities;
using NurtureEngine.Core.Tracks.Activities.Branches;
using NurtureEngine.Core.Tracks.Running;

namespace NurtureEngine.Core.Tests.Tracks;

/// <summary>Sizes as CRMs and people write them.</summary>
public sealed class CompanySizeTests
{
    [Theory]
    [InlineData("12", "Small")]
    [InlineData("51-200", "Medium")]
    [InlineData("51–200 employees", "Medium")]
    [InlineData("1,000+", "Large")]
    [InlineData("1.000", "Large")]
    [InlineData("12.000 Mitarbeiter", "Large")]
    [InlineData("10k+", "Large")]
    [InlineData("1.5K", "Large")]
    [InlineData("1万人", "Large")]
    [InlineData("0.5万", "Large")]
    [InlineData("少于50人", "Medium")]
    [InlineData("20 kids", "Small")]
    [InlineData("many", "Unknown")]
    [InlineData("", "Unknown")]
    [InlineData(null, "Unknown")]
    public void The_first_number_of_a_size_counts(string? size, string port)
    {
        var step = new BranchByCompanySize(new StepId("size"), "size", SmallBelow: 50, LargeFrom: 1_000);
        var account = new Account(
            null,
            new ExternalKey("crm", "acme"),
            FieldSet.Empty.With([KeyValuePair.Create(Fields.Size, size)], new Stamp(null, DateTimeOffset.UnixEpoch))
        );
        var values = new RunValues(RunValues.Nobody, account, Rulebooks.Default, "default");

        var result = step.Enter(
            new Visit(
                FlowScenario.Compile("T>A", "", out _)!,
                new EnrollmentId(1),
                step.Id,
                1,
                values,
                DateTimeOffset.UnixEpoch
            )
        );

        Assert.Equal([port], Assert.IsType<StepResult.Complete>(result).Ports);
    }
}
