using System.Net;
using Microsoft.Extensions.DependencyInjection;
using NurtureEngine.Core.People;
using NurtureEngine.Core.Reports;
using NurtureEngine.IntegrationTests.Infrastructure;
using NurtureEngine.IntegrationTests.Pages;
using NurtureEngine.Postgres.Tracks;

namespace NurtureEngine.IntegrationTests.Designer;

/// <summary>How many leads came to each step, stand there, went on and left, as people see it.</summary>
public sealed class FlowTests(PostgresServer server) : IAsyncLifetime
{
    private readonly TestClock _machine = new(DateTimeOffset.UtcNow);
    private Office _office = null!;
    private Crm _crm = null!;

    public async ValueTask InitializeAsync()
    {
        _office = await Office.OpenAsync(server, machineClock: _machine);
        _crm = await Crm.ForAsync(_office.Host.Http, _office.Host.Database);
        await EnterAsync("ann", "bob", "cleo");
    }

    public ValueTask DisposeAsync() => _office.DisposeAsync();

    [Fact]
    public async Task Each_step_tells_who_entered_who_waits_who_went_on_and_who_left()
    {
        var first = await FlowAsync();
        await MoveAsync("ann", "SQL");
        var second = await FlowAsync();
        _office.Host.Clock.Advance(TimeSpan.FromDays(30));
        await _office.Host.DrainAsync();
        var last = await FlowAsync();

        Assert.Equal((3, 3, 0), (first.Entered, first.Inside, first.Ends.Sum(end => end.Count)));
        Assert.Equal(new StepFlow("pause", 3, 3, 0, 0), StepOf(first, "pause"));
        Assert.Equal(3, StepOf(first, "becomes-mql").Passed);
        Assert.Equal((3, 2, 0, 1), Counts(StepOf(second, "pause")));
        Assert.Equal((3, 0, 2, 1), Counts(StepOf(last, "pause")));
        Assert.Equal((3, 0, 1), (last.Entered, last.Inside, last.Successes));
    }

    [Fact]
    public async Task Folding_the_counts_changes_none_of_them_and_leaves_one_row_for_each_step_and_day()
    {
        var before = await FlowAsync();
        var tallies = _office.Host.Services.GetRequiredService<StepTallies>();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => tallies.FoldAsync(CancellationToken.None)));
        await EnterAsync("dan");
        Assert.False(await tallies.FoldAsync(CancellationToken.None));
        var after = await FlowAsync();

        Assert.Equal(4, StepOf(after, "pause").Waiting);
        Assert.Equal(
            before.Steps.Select(step => (step.Step, step.Entered + 1)).Order(),
            after.Steps.Select(step => (step.Step, step.Entered)).Order()
        );
        Assert.Equal(
            await _office.Host.ScalarAsync<long>("SELECT count(DISTINCT (entered_on, step)) FROM step_tally"),
            await _office.Host.ScalarAsync<long>("SELECT count(*) FROM step_tally WHERE is_folded")
        );
    }

    [Fact]
    public async Task A_period_counts_those_who_entered_in_it()
    {
        _office.Host.Clock.Advance(TimeSpan.FromDays(20));
        await EnterAsync("late");

        var recent = await FlowAsync(days: 7);

        Assert.Equal((1, 1), (recent.Entered, StepOf(recent, "pause").Entered));
        Assert.Equal(4, (await FlowAsync()).Entered);
    }

    [Fact]
    public async Task The_page_shows_the_counts_and_the_leads_at_a_step_within_the_readers_reach()
    {
        var page = await _office.Admin.ReadAsync("/console/tracks/welcome/flow?step=pause");
        var seller = await _office.HireAsync("paula", Roles.Sales);
        var theirs = await seller.ReadAsync("/console/tracks/welcome/flow?step=pause");
        using var gone = await _office.Admin.GetAsync("/console/tracks/welcome/flow?version=9");

        Assert.Contains("3 leads entered, 3 are in the track now", page, StringComparison.Ordinal);
        Assert.Contains("/console/enrollments/e1-1", page, StringComparison.Ordinal);
        Assert.Contains("No lead that you may see stands here now.", theirs, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        seller.Dispose();
    }

    [Theory]
    [InlineData("version=abc&days=x&after=99999999999999999999")]
    [InlineData("version=&days=&step=nothing")]
    [InlineData("days=-2147483648")]
    public async Task Whatever_is_typed_into_the_address_is_answered(string query)
    {
        using var answer = await _office.Admin.GetAsync($"/console/tracks/welcome/flow?{query}");

        Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.OK, HttpStatusCode.NotFound });
        var watch = _office.Host.Services.GetRequiredService<ITrackWatch>();
        Assert.Null((await watch.ReadAsync("welcome", null, int.MinValue, CancellationToken.None))!.Since);
    }

    [Fact]
    public async Task After_an_upgrade_those_who_entered_before_are_inside_and_not_lost()
    {
        await _office.Host.ExecuteAsync("UPDATE step_tally_start SET counts_from = now()::date + 400");
        var flow = await FlowAsync();

        Assert.Equal((3, 3), (flow.Inside, StepOf(flow, "pause").Waiting));
        Assert.Equal((0, 0), (StepOf(flow, "pause").Entered, StepOf(flow, "pause").Dropped));
        Assert.NotNull(flow.CountedFrom);
    }

    [Fact]
    public async Task Many_who_watch_read_the_database_once_a_second()
    {
        var watch = _office.Host.Services.GetRequiredService<ITrackWatch>();
        var flows = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => watch.ReadAsync("welcome", null, null, CancellationToken.None))
        );

        Assert.Single(flows.Distinct(ReferenceEqualityComparer.Instance));
        _machine.Advance(TimeSpan.FromMinutes(1));
        Assert.NotSame(flows[0], await watch.ReadAsync("welcome", null, null, CancellationToken.None));
    }

    private static (int, int, int, int) Counts(StepFlow step) =>
        (step.Entered, step.Waiting, step.Passed, step.Dropped);

    private static StepFlow StepOf(TrackFlow flow, string step) => flow.Steps.Single(one => one.Step == step);

    private async Task EnterAsync(params string[] leads)
    {
        foreach (var lead in leads)
        {
            await MoveAsync(lead, "MQL");
        }
    }

    private async Task MoveAsync(string lead, string stage)
    {
        using var fired = await _crm.FireAsync(Crm.StageChange(lead, stage, _office.Host.Clock.GetUtcNow()));
        await _office.Host.DrainAsync();
    }

    private async Task<TrackFlow> FlowAsync(int? days = null)
    {
        _machine.Advance(TimeSpan.FromMinutes(1));
        var watch = _office.Host.Services.GetRequiredService<ITrackWatch>();
        return (await watch.ReadAsync("welcome", null, days, CancellationToken.None))!;
    }
}
