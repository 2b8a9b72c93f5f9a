using Microsoft.Extensions.DependencyInjection;
using NurtureEngine.Host.Scheduling;
using NurtureEngine.IntegrationTests.Infrastructure;
using NurtureEngine.Postgres.Touches;

namespace NurtureEngine.IntegrationTests.Jobs;

/// <summary>What the job of a slot does: it sends until the minute is over and nothing is due.</summary>
public sealed class SendSlotJobTests(PostgresServer server)
{
    [Fact]
    public async Task It_sends_what_falls_due_within_its_minute_and_ends_with_it()
    {
        await using var scene = await JobsScene.StartAsync(server);
        var slot = SlotStore.MinuteOf(scene.Host.Clock.GetUtcNow());
        await scene.PlanAsync(TimeSpan.Zero);
        var job = scene.RunJobAsync(slot);
        await Eventually.TrueAsync(async () => await scene.SentAsync() == 1, "the first touch");
        await scene.PlanAsync(TimeSpan.Zero);
        scene.Host.Services.GetRequiredService<WorkSignal>().Raise();
        await Eventually.TrueAsync(async () => await scene.SentAsync() == 2, "the touch that was planned meanwhile");
        Assert.False(job.IsCompleted);

        scene.Host.Clock.Advance(slot.AddMinutes(1) - scene.Host.Clock.GetUtcNow());
        await job.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(2, await scene.SentAsync());
    }

    [Fact]
    public async Task One_that_comes_half_a_second_early_waits_for_its_slot()
    {
        await using var scene = await JobsScene.StartAsync(server);
        // Half a second before the minute begins.
        var slot = SlotStore.MinuteOf(scene.Host.Clock.GetUtcNow()).AddMinutes(1);
        scene.Host.Clock.Advance(slot.AddMilliseconds(-500) - scene.Host.Clock.GetUtcNow());
        await scene.PlanAsync(TimeSpan.FromMilliseconds(500));
        var job = scene.RunJobAsync(slot);
        scene.Host.Clock.Advance(TimeSpan.FromMilliseconds(500));
        await Eventually.TrueAsync(async () => await scene.SentAsync() == 1, "the touch");
        scene.Host.Clock.Advance(TimeSpan.FromMinutes(1));
        await job.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Theory]
    [InlineData(24 * 60)]
    [InlineData(-24 * 60)]
    public async Task One_whose_clock_is_far_off_ends_at_once(int minutes)
    {
        await using var scene = await JobsScene.StartAsync(server);
        await scene.PlanAsync(TimeSpan.Zero);

        await scene
            .RunJobAsync(SlotStore.MinuteOf(scene.Host.Clock.GetUtcNow().AddMinutes(minutes)))
            .WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(1, await scene.SentAsync());
    }

    [Fact]
    public async Task Two_of_one_slot_share_the_work_and_send_nothing_twice()
    {
        await using var scene = await JobsScene.StartAsync(server);
        await scene.PlanAsync([.. Enumerable.Repeat(TimeSpan.Zero, 30)]);
        var slot = SlotStore.MinuteOf(scene.Host.Clock.GetUtcNow()).AddMinutes(-1);

        await Task.WhenAll(scene.RunJobAsync(slot), scene.RunJobAsync(slot)).WaitAsync(TimeSpan.FromSeconds(60));
        await scene.RunJobAsync(slot).WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(30, await scene.SentAsync());
        Assert.Equal(30, await scene.Host.ScalarAsync<long>("SELECT count(*) FROM touch WHERE state = 'accepted'"));
    }

    [Fact]
    public async Task On_a_stopped_channel_it_ends_and_its_slot_stays()
    {
        await using var scene = await JobsScene.StartAsync(server);
        await scene.PlanAsync(TimeSpan.Zero);
        await scene.TurnAsync();
        await scene.Host.ExecuteAsync(
            "INSERT INTO sending_stop (channel, reason, stopped_by, stopped_at) VALUES ('email', 'x', 'x', now())"
        );

        await scene.RunJobAsync(SlotStore.MinuteOf(scene.Host.Clock.GetUtcNow())).WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(0, await scene.SentAsync());
        Assert.Equal(1, await scene.Host.ScalarAsync<long>("SELECT count(*) FROM send_slot"));
    }
}
