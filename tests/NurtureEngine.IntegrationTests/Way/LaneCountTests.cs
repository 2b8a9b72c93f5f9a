using NurtureEngine.Host.Touches;

namespace NurtureEngine.IntegrationTests.Way;

/// <summary>How many groups leave at a time, and how large they are, by what a server takes.</summary>
public sealed class LaneCountTests
{
    [Fact]
    public void A_server_that_is_slow_to_answer_gets_as_many_lanes_as_there_are_connections()
    {
        var lanes = new LaneCount();
        Run(lanes, 12, now => now * 20.0);

        Assert.Equal(32, lanes.Within(32));
        Assert.Equal(10, lanes.Within(10));
    }

    [Fact]
    public void Where_more_lanes_bring_nothing_there_are_few()
    {
        var lanes = new LaneCount();
        Run(lanes, 400, _ => 2_000);

        Assert.InRange(lanes.Within(32), LaneCount.Fewest, LaneCount.Fewest + 2);
    }

    [Fact]
    public void A_server_that_is_no_longer_slow_gets_fewer_again()
    {
        var lanes = new LaneCount();
        Run(lanes, 12, now => now * 20.0);
        Run(lanes, 400, _ => 2_000);

        Assert.InRange(lanes.Within(32), LaneCount.Fewest, LaneCount.Fewest + 2);
    }

    [Fact]
    public void Groups_fall_to_what_left_in_time_and_grow_again()
    {
        var size = new GroupSize();
        size.Learn(handed: 20, untried: 44);
        var fallen = size.Now;
        size.Learn(handed: 20, untried: 0);
        var grown = size.Now;
        for (var i = 0; i < 100; i++)
        {
            size.Learn(handed: size.Now, untried: 0);
        }

        Assert.Equal((20, 21, GroupSize.Most), (fallen, grown, size.Now));
    }

    private static void Run(LaneCount lanes, int turns, Func<int, double> rate)
    {
        for (var i = 0; i < turns; i++)
        {
            lanes.Learn(rate(lanes.Within(32)), 32);
        }
    }
}
