using NurtureEngine.Core.Touches;

namespace NurtureEngine.Core.Tests.Touches;

public sealed class SettlementTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(5, 16)]
    [InlineData(9, 240)]
    public void A_deferred_touch_waits_twice_as_long_each_time_up_to_four_hours(int attempt, int minutes)
    {
        var settled = Settlement.Of(new DeliveryResult.Deferred("450", null), attempt, jitter: 0);

        Assert.Equal((TouchState.Deferred, TimeSpan.FromMinutes(minutes)), (settled.State, settled.RetryAfter));
    }

    [Fact]
    public void Jitter_adds_a_fifth_at_most() =>
        Assert.Equal(
            TimeSpan.FromMinutes(1.2),
            Settlement.Of(new DeliveryResult.Deferred("450", null), 1, jitter: 1).RetryAfter
        );

    [Fact]
    public void A_channel_that_names_a_moment_is_obeyed() =>
        Assert.Equal(
            TimeSpan.FromHours(9),
            Settlement.Of(new DeliveryResult.Deferred("450", TimeSpan.FromHours(9)), 3, jitter: 1).RetryAfter
        );

    [Fact]
    public void The_tenth_refusal_is_the_last()
    {
        var settled = Settlement.Of(new DeliveryResult.Deferred("450", null), BackOff.MaxAttempts, jitter: 0);

        Assert.Equal(
            (TouchState.Rejected, "channel.attempts_exhausted", "450"),
            (settled.State, settled.Code, settled.Argument)
        );
    }

    [Fact]
    public void Each_other_answer_has_its_state()
    {
        Assert.Equal(TouchState.Accepted, Settlement.Of(new DeliveryResult.Accepted(), 1, 0).State);
        Assert.Equal(TouchState.Rejected, Settlement.Of(new DeliveryResult.Rejected("550"), 1, 0).State);
        Assert.Equal(TouchState.Uncertain, Settlement.Of(new DeliveryResult.Uncertain("reset"), 1, 0).State);
    }
}
