using Hangfire;
using Hangfire.States;
using Microsoft.Extensions.DependencyInjection;
using NurtureEngine.Host.Scheduling.Jobs;
using NurtureEngine.Host.Touches;
using NurtureEngine.IntegrationTests.Infrastructure;
using NurtureEngine.Postgres.Touches;

namespace NurtureEngine.IntegrationTests.Jobs;

/// <summary>Send slots and their jobs follow the touches, whatever happens to either.</summary>
public sealed class SlotTurnTests(PostgresServer server)
{
    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(90);

    [Fact]
    public async Task Each_minute_with_touches_has_one_job_and_what_is_overdue_is_in_the_current_one()
    {
        await using var scene = await JobsScene.StartAsync(server);
        await scene.PlanAsync(
            TimeSpan.FromHours(-1),
            TimeSpan.FromSeconds(-1),
            Soon,
            Soon + TimeSpan.FromMilliseconds(1),
            TimeSpan.FromHours(72)
        );

        await scene.TurnAsync();
        await scene.TurnAsync();
        await scene.TurnAsync();

        await scene.Host.TurnAsync<DutyRoster>();
        Assert.Equal(2, await scene.ServedAsync());
        Assert.Equal(
            "Enqueued, Scheduled",
            await scene.Host.ScalarAsync<string>("SELECT string_agg(statename, ', ' ORDER BY id) FROM hangfire.job")
        );
        Assert.Equal(JobsScene.Duties, await scene.Host.ScalarAsync<long>(JobsScene.CountOfDuties));
    }

    [Fact]
    public async Task Emptying_any_table_of_Hangfires_loses_no_slot_and_no_duty()
    {
        await using var scene = await JobsScene.StartAsync(server);
        await scene.PlanAsync(TimeSpan.Zero, Soon);
        await scene.TurnAsync();
        var breaches = new List<string>();
        foreach (var table in JobsScene.Tables)
        {
            await scene.Host.ExecuteAsync($"TRUNCATE hangfire.{table} CASCADE");
            if (await scene.ServedAsync() < 2)
            {
                breaches.Add(table);
            }

            await scene.ForgetStartsAsync();
            await scene.TurnAsync();
            await scene.Host.TurnAsync<DutyRoster>();
            Assert.True(await scene.ServedAsync() >= 2, $"After {table} was emptied, a slot is not served.");
            Assert.Equal(JobsScene.Duties, await scene.Host.ScalarAsync<long>(JobsScene.CountOfDuties));
        }

        // Without the turn these would have lost one.
        Assert.Equal(["job", "jobqueue", "set"], breaches);
    }

    [Fact]
    public async Task A_job_that_was_deleted_starts_again_and_one_that_failed_does_after_a_pause()
    {
        await using var scene = await JobsScene.StartAsync(server);
        await scene.PlanAsync(TimeSpan.Zero);
        await scene.TurnAsync();
        var jobs = scene.Host.Services.GetRequiredService<IBackgroundJobClient>();
        Assert.True(jobs.Delete(await JobAsync(scene)));
        await scene.ForgetStartsAsync();
        await scene.TurnAsync();
        var again = await JobAsync(scene);

        jobs.ChangeState(again, new FailedState(new InvalidOperationException("A test's.")));
        await scene.Host.ExecuteAsync("DELETE FROM hangfire.jobqueue");
        await scene.TurnAsync();
        var atOnce = await scene.ServedAsync();
        await scene.ForgetStartsAsync();
        await scene.TurnAsync();
        Assert.Equal(0, await scene.ServedAsync());
        await scene.Host.ExecuteAsync("UPDATE hangfire.state SET createdat = createdat - interval '20 seconds'");
        await scene.TurnAsync();

        Assert.Equal((0, 1), (atOnce, await scene.ServedAsync()));
    }

    [Fact]
    public async Task A_slot_that_lost_its_touches_loses_its_job()
    {
        await using var scene = await JobsScene.StartAsync(server);
        await scene.PlanAsync(Soon, Soon + TimeSpan.FromMinutes(5));
        await scene.TurnAsync();
        await scene.Host.ExecuteAsync(
            "UPDATE touch SET state = 'cancelled' WHERE due_at = (SELECT min(due_at) FROM touch)"
        );
        await scene.TurnAsync();

        Assert.Equal(1, await scene.ServedAsync());
        Assert.Equal(1, await scene.Host.ScalarAsync<long>("SELECT count(*) FROM send_slot"));
        Assert.Equal(
            1,
            await scene.Host.ScalarAsync<long>("SELECT count(*) FROM hangfire.job WHERE statename = 'Deleted'")
        );
    }

    [Fact]
    public async Task Nothing_starts_on_a_stopped_channel_and_all_does_when_it_is_released()
    {
        await using var scene = await JobsScene.StartAsync(server);
        await scene.PlanAsync(TimeSpan.FromHours(-8), TimeSpan.FromMinutes(-1), Soon);
        await StopAsync(scene, "stop", """{"reason": "A test's."}""");
        await scene.TurnAsync();
        var whileStopped = await scene.ServedAsync();
        await StopAsync(scene, "release", "{}");
        await scene.TurnAsync();

        Assert.Equal((0, 2), (whileStopped, await scene.ServedAsync()));
    }

    [Fact]
    public async Task A_host_whose_clock_is_a_day_behind_keeps_no_slot_waiting()
    {
        await using var scene = await JobsScene.StartAsync(server);
        await scene.PlanAsync(TimeSpan.Zero);
        await using var behind = await scene.StartHostAsync(
            scene.Host.Services.GetRequiredService<Host.Storage.NurtureDatabase>().ConnectionString,
            TimeSpan.FromDays(-1)
        );
        await scene.TurnAsync(behind);
        await scene.ForgetStartsAsync();
        var scheduled = await scene.Host.ScalarAsync<string>("SELECT statename FROM hangfire.job");
        await scene.TurnAsync();

        Assert.Equal("Scheduled", scheduled);
        Assert.Equal(
            1,
            await scene.Host.ScalarAsync<long>("SELECT count(*) FROM hangfire.job WHERE statename = 'Enqueued'")
        );
    }

    [Theory]
    [InlineData("planned")]
    [InlineData("approved")]
    [InlineData("resumed")]
    [InlineData("deferred")]
    [InlineData("lease")]
    [InlineData("merged")]
    public async Task Whatever_makes_a_touch_due_when_the_last_job_has_ended_gets_a_job(string how)
    {
        await using var scene = await JobsScene.StartAsync(server);
        var host = scene.Host;
        await scene.PlanAsync(TimeSpan.Zero);
        var lead = await host.ScalarAsync<long>("SELECT lead_id FROM touch");
        // Whatever holds it, the job of its slot ends without having sent it.
        await host.ExecuteAsync(
            how switch
            {
                "approved" => "UPDATE touch SET state = 'awaiting_approval', hold_until = now() + interval '1 day'",
                "deferred" =>
                    "UPDATE touch SET state = 'deferred', code = 'smtp.4xx', retry_at = clock_timestamp() + interval '1 minute'",
                "lease" =>
                    "UPDATE touch SET state = 'claimed', lease = gen_random_uuid(), leased_until = clock_timestamp() + interval '1 minute'",
                _ => "SELECT 1",
            }
        );
        if (how is "resumed")
        {
            Assert.True((await host.Http.PostAsync($"/api/leads/{lead}/pause", null)).IsSuccessStatusCode);
        }

        if (how is "planned" or "merged")
        {
            await host.ExecuteAsync("UPDATE touch SET due_at = due_at + interval '5 days'");
        }

        await scene.TurnAsync();
        Assert.Equal(0, await scene.ServedAsync());
        switch (how)
        {
            case "planned":
                await scene.PlanAsync(TimeSpan.Zero);
                break;
            case "approved":
                var id = await host.ScalarAsync<Guid>("SELECT id FROM touch");
                Assert.True((await host.Http.PostAsync($"/api/touches/{id}/approve", null)).IsSuccessStatusCode);
                break;
            case "resumed":
                Assert.True((await host.Http.PostAsync($"/api/leads/{lead}/resume", null)).IsSuccessStatusCode);
                break;
            case "merged":
                // The touch moves to the lead that stays, and is due by then.
                await scene.MergeAsync(lead);
                await host.ExecuteAsync("UPDATE touch SET due_at = due_at - interval '5 days'");
                break;
            default:
                await host.ExecuteAsync(
                    "UPDATE touch SET retry_at = retry_at - interval '2 minutes', leased_until = leased_until - interval '2 minutes'"
                );
                await host.TurnAsync<RecoveryWorker>();
                break;
        }

        await scene.TurnAsync();

        Assert.Equal(1, await scene.ServedAsync());
    }

    [Theory]
    [InlineData(24 * 60 * 60)]
    [InlineData(-24 * 60 * 60)]
    [InlineData(8)]
    [InlineData(-8)]
    public async Task Hosts_whose_clocks_differ_do_not_make_job_after_job(int seconds)
    {
        await using var scene = await JobsScene.StartAsync(server);
        await scene.PlanAsync([.. Enumerable.Range(0, 30).Select(i => TimeSpan.FromMinutes(10 * i))]);
        await using var other = await scene.StartHostAsync(
            scene.Host.Services.GetRequiredService<Host.Storage.NurtureDatabase>().ConnectionString,
            TimeSpan.FromSeconds(seconds)
        );
        for (var i = 0; i < 5; i++)
        {
            await scene.TurnAsync();
            await scene.TurnAsync(other);
        }

        // One for each slot, and at most one more that the other host holds due.
        Assert.InRange(
            await scene.Host.ScalarAsync<long>("SELECT count(*) FROM hangfire.job WHERE statename <> 'Deleted'"),
            30,
            32
        );
    }

    [Fact]
    public async Task A_scheduled_job_that_its_scheduler_has_moved_into_the_queue_is_not_made_again()
    {
        await using var scene = await JobsScene.StartAsync(server);
        var slot = SlotStore.MinuteOf(scene.Host.Clock.GetUtcNow()).AddMinutes(2);
        scene.Host.Clock.Advance(slot.AddSeconds(-2) - scene.Host.Clock.GetUtcNow());
        await scene.PlanAsync(TimeSpan.FromSeconds(3));
        await scene.TurnAsync();
        using (
            new BackgroundJobServer(
                new BackgroundJobServerOptions
                {
                    Queues = ["nobody"],
                    SchedulePollingInterval = TimeSpan.FromMilliseconds(200),
                },
                scene.Host.Services.GetRequiredService<JobStorage>()
            )
        )
        {
            await Eventually.TrueAsync(
                async () => await scene.Host.ScalarAsync<long>("SELECT count(*) FROM hangfire.jobqueue") == 1,
                "the job in the queue"
            );
        }

        await scene.TurnAsync();
        scene.Host.Clock.Advance(TimeSpan.FromSeconds(4));
        await scene.TurnAsync();

        Assert.Equal(1, await scene.Host.ScalarAsync<long>("SELECT count(*) FROM hangfire.job"));
    }

    [Fact]
    public async Task A_job_that_runs_already_is_not_deleted_by_a_host_that_holds_its_slot_for_one_to_come()
    {
        await using var scene = await JobsScene.StartAsync(server);
        await scene.PlanAsync(TimeSpan.Zero);
        await scene.TurnAsync();
        await scene.Host.ExecuteAsync(
            "UPDATE touch SET state = 'claimed', lease = gen_random_uuid(), leased_until = clock_timestamp() + interval '1 minute'"
        );
        await using var behind = await scene.StartHostAsync(
            scene.Host.Services.GetRequiredService<Host.Storage.NurtureDatabase>().ConnectionString,
            TimeSpan.FromMinutes(-10)
        );
        await scene.TurnAsync(behind);

        Assert.Equal("Enqueued", await scene.Host.ScalarAsync<string>("SELECT statename FROM hangfire.job"));
    }

    [Theory]
    [InlineData("10 seconds", true)]
    // Without an end of the time for which a host has it in hand, its death would be the end of the slot.
    [InlineData("infinity", false)]
    public async Task A_slot_whose_host_died_before_it_made_the_job_is_started_by_another(string inHand, bool isStarted)
    {
        await using var scene = await JobsScene.StartAsync(server);
        await scene.PlanAsync(TimeSpan.Zero);
        var slot = SlotStore.MinuteOf(scene.Host.Clock.GetUtcNow());
        await scene.Host.ExecuteAsync(
            """
            INSERT INTO send_slot (channel, slot_at, starting_until)
            VALUES ('email', @slot, CASE WHEN @inHand = 'infinity' THEN 'infinity' ELSE clock_timestamp() + @inHand::interval END)
            """,
            new { slot, inHand }
        );
        await scene.TurnAsync();
        var meanwhile = await scene.ServedAsync();
        await scene.Host.ExecuteAsync("UPDATE send_slot SET starting_until = starting_until - interval '11 seconds'");
        await scene.TurnAsync();

        Assert.Equal((0, isStarted), (meanwhile, await scene.ServedAsync() == 1));
    }

    [Fact]
    public async Task What_failed_is_kept_for_a_week()
    {
        await using var scene = await JobsScene.StartAsync(server);
        await scene.PlanAsync(TimeSpan.Zero);
        await scene.TurnAsync();
        scene
            .Host.Services.GetRequiredService<IBackgroundJobClient>()
            .ChangeState(await JobAsync(scene), new FailedState(new InvalidOperationException("A test's.")));
        await scene.TurnAsync();

        Assert.Equal(
            7,
            await scene.Host.ScalarAsync<int>(
                "SELECT round(extract(epoch FROM expireat - now()) / 86400)::int FROM hangfire.job WHERE statename = 'Failed'"
            )
        );
    }

    [Fact]
    public async Task Other_servers_help_while_very_much_is_due()
    {
        await using var scene = await JobsScene.StartAsync(server);
        await scene.PlanAsync(TimeSpan.Zero);
        await scene.Host.ExecuteAsync(
            """
            INSERT INTO touch SELECT (jsonb_populate_record(t, jsonb_build_object('id', gen_random_uuid()))).*
              FROM touch t CROSS JOIN generate_series(1, 10100)
            """
        );
        await scene.Host.ExecuteAsync(
            """
            INSERT INTO hangfire.server (id, data, lastheartbeat)
            SELECT 'server-' || n, '{"Queues": ["email"], "WorkerCount": 1}', clock_timestamp() FROM generate_series(1, 3) n
            """
        );
        for (var i = 0; i < 6; i++)
        {
            await scene.TurnAsync();
        }

        // As many as there are servers.
        Assert.Equal(3, await scene.ServedAsync());
    }

    private static Task<string> JobAsync(JobsScene scene) =>
        scene.Host.ScalarAsync<string>("SELECT job_id::text FROM send_slot");

    private static async Task StopAsync(JobsScene scene, string act, string body)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var answer = await scene.Host.Http.PostAsync($"/api/sending/email/{act}", content);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }
}
