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
        var noise = new Random(7);
        var most = 0;
        for (var i = 0; i < 400; i++)
        {
            Run(lanes, 1, _ => 1_900 + noise.Next(200));
            most = Math.Max(most, lanes.Within(32));
        }

        Assert.InRange(most, LaneCount.Fewest, 20);
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
        size.Learn(size: 64, handed: 10, untried: 54);
        var fallen = size.Now;
        size.Learn(size: 10, handed: 7, untried: 0);
        var grown = size.Now;
        size.Learn(size: 5, handed: 5, untried: 0);
        var small = size.Now;
        for (var i = 0; i < 100; i++)
        {
            size.Learn(size.Now, handed: size.Now, untried: 0);
        }

        Assert.Equal((10, 20, 20, GroupSize.Most), (fallen, grown, small, size.Now));
    }

    private static void Run(LaneCount lanes, int turns, Func<int, double> rate)
    {
        for (var i = 0; i < turns; i++)
        {
            lanes.Learn(rate(lanes.Within(32)), 32);
        }
    }
}
