using NurtureEngine.Core.Intake;
using NurtureEngine.Core.Leads;

namespace NurtureEngine.Core.Tests.Intake;

public sealed class LanesTests
{
    [Fact]
    public void Short_running_ids_spread_over_all_lanes()
    {
        var counts = Enumerable.Range(0, 6_400).CountBy(i => Lanes.Of(new ExternalKey("crm", $"{i}"))).ToDictionary();

        Assert.Equal(Lanes.Count, counts.Count);
        Assert.All(counts.Values, count => Assert.InRange(count, 50, 180));
    }

    [Fact]
    public void A_lane_is_the_same_on_every_host() => Assert.Equal(7, Lanes.Of(new ExternalKey("dev", "ann")));
}
