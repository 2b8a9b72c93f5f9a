using System.Net;
using Microsoft.Extensions.DependencyInjection;
using NurtureEngine.Core.People;
using NurtureEngine.Core.Tracks.Acts;
using NurtureEngine.IntegrationTests.Infrastructure;
using NurtureEngine.IntegrationTests.Pages;

namespace NurtureEngine.IntegrationTests.Designer;

/// <summary>What people do to one enrollment, on its page.</summary>
public sealed class EnrollmentActTests(PostgresServer server) : IAsyncLifetime
{
    private const string Page = "/console/enrollments/e1-1";

    private Office _office = null!;

    public async ValueTask InitializeAsync()
    {
        _office = await Office.OpenAsync(server);
        await _office.EnterAsync("ann");
    }

    public ValueTask DisposeAsync() => _office.DisposeAsync();

    [Fact]
    public async Task Whoever_is_paused_stays_where_they_stand_and_goes_on_once_resumed()
    {
        Assert.Equal($"{Page}?done=enrollmentPause", await DoAsync("pause"));
        _office.Host.Clock.Advance(TimeSpan.FromDays(30));
        await _office.Host.DrainAsync();
        Assert.Equal(1, await TouchesAsync());
        Assert.Contains("Paused by a person", await _office.Admin.ReadAsync(Page), StringComparison.Ordinal);

        Assert.Equal($"{Page}?done=enrollmentResume", await DoAsync("resume"));
        _office.Host.Clock.Advance(TimeSpan.FromDays(30));
        await _office.Host.DrainAsync();

        Assert.Equal(2, await TouchesAsync());
        Assert.Equal("enrollment.pause, enrollment.resume", await AuditAsync());
    }

    [Fact]
    public async Task Whoever_is_moved_on_goes_on_from_there_at_once_and_gets_nothing_twice()
    {
        Assert.Equal($"{Page}?done=enrollmentSkip", await DoAsync("skip", ("Step", "value"), ("Reason", "they asked")));
        await _office.Host.DrainAsync();

        Assert.Equal(2, await TouchesAsync());
        Assert.Equal(
            0,
            await _office.Host.ScalarAsync<long>(
                "SELECT sum(entered - passed)::bigint FROM step_tally WHERE step = 'pause'"
            )
        );
        Assert.Equal(
            "they asked value",
            await _office.Host.ScalarAsync<string>(
                "SELECT after ->> 'reason' || ' ' || (after ->> 'step') FROM audit WHERE act = 'enrollment.skip' AND subject = 'enrollment/e1-1'"
            )
        );
    }

    [Fact]
    public async Task A_lead_that_is_paused_can_be_moved_on_and_stays_paused()
    {
        await DoAsync("pause");
        Assert.Equal($"{Page}?done=enrollmentSkip", await DoAsync("skip", ("Step", "value")));
        await _office.Host.DrainAsync();
        Assert.Equal(1, await TouchesAsync());
        await DoAsync("resume");
        await _office.Host.DrainAsync();

        Assert.Equal(2, await TouchesAsync());
    }

    [Theory]
    [InlineData("hello")]
    [InlineData("pause")]
    [InlineData("nothing")]
    public async Task Nobody_is_moved_back_or_to_where_no_step_is(string step)
    {
        using var refused = await _office.Admin.FillInAsync(Page, "skip", ("Step", step));

        Assert.Contains("stands elsewhere by now", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("", await AuditAsync());
    }

    [Fact]
    public async Task Whoever_is_taken_out_leaves_once_however_many_do_it_and_only_with_a_reason()
    {
        using var refused = await _office.Admin.FillInAsync(Page, "exit");
        Assert.Equal(HttpStatusCode.OK, refused.StatusCode);
        var desk = _office.Host.Services.GetRequiredService<IEnrollmentDesk>();
        var outcomes = await Task.WhenAll(
            Enumerable
                .Range(0, 6)
                .Select(number =>
                    desk.DoAsync(
                        new EnrollmentAct
                        {
                            LeadId = 1,
                            Id = 1,
                            Kind = ActKind.Exit,
                            Actor = $"person{number}",
                            Reason = "a competitor",
                        },
                        CancellationToken.None
                    )
                )
        );
        _office.Host.Clock.Advance(TimeSpan.FromDays(30));
        await _office.Host.DrainAsync();

        Assert.Single(outcomes, ActOutcome.Done);
        Assert.Equal(5, outcomes.Count(outcome => outcome == ActOutcome.Gone));
        Assert.Equal(1, await TouchesAsync());
        Assert.Equal("enrollment.exit", await AuditAsync());
        Assert.Contains(
            "A person took the lead out of the track.",
            await _office.Admin.ReadAsync(Page),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_parked_enrollment_is_tried_again()
    {
        await _office.Host.ExecuteAsync(
            "UPDATE enrollment SET state = 3, due_at = NULL, code = 'advance.failed' WHERE id = 1"
        );
        Assert.Equal($"{Page}?done=enrollmentRetry", await DoAsync("retry"));
        _office.Host.Clock.Advance(TimeSpan.FromDays(30));
        await _office.Host.DrainAsync();

        Assert.Equal(2, await TouchesAsync());
    }

    [Fact]
    public async Task Whoever_presses_twice_is_told_that_it_stands_otherwise()
    {
        await DoAsync("pause");
        using var again = await _office.Admin.FillInAsync(Page, "pause");

        Assert.Contains("stands elsewhere by now", await again.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("enrollment.pause", await AuditAsync());
    }

    [Fact]
    public async Task Nobody_is_moved_on_while_a_message_is_on_its_way()
    {
        await _office.Host.ExecuteAsync(
            "UPDATE touch SET state = 'handing', lease = gen_random_uuid(), leased_until = now() + interval '1 hour'"
        );
        using var refused = await _office.Admin.FillInAsync(Page, "skip", ("Step", "value"));

        Assert.Contains("stands elsewhere by now", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_is_paused_stays_so_when_the_other_record_of_them_goes_on()
    {
        await _office.EnterAsync("bob");
        var crm = await Crm.ForAsync(_office.Host.Http, _office.Host.Database);
        await DoAsync("pause");
        using var merged = await crm.FireAsync(
            Crm.Event("lead.merged", "bob", _office.Host.Clock.GetUtcNow(), data: """{"merged":["ann"]}""")
        );
        await _office.Host.DrainAsync();

        Assert.Equal(
            "4 {person}",
            await _office.Host.ScalarAsync<string>(
                "SELECT state || ' ' || held_by::text FROM enrollment WHERE lead_id = 2 AND ended_at IS NULL"
            )
        );
    }

    [Fact]
    public async Task Who_only_looks_on_can_do_nothing()
    {
        using var ruth = await _office.HireAsync("ruth", Roles.Reader);
        var page = await ruth.ReadAsync(Page);
        using var refused = await ruth.FillInAsync(Page, "exit", ("Reason", "why not"));

        Assert.DoesNotContain("Take out of the track", page, StringComparison.Ordinal);
        Assert.NotEqual(HttpStatusCode.Redirect, refused.StatusCode);
        Assert.Equal("", await AuditAsync());
    }

    private async Task<string> DoAsync(string act, params (string Name, string Value)[] fields)
    {
        using var done = await _office.Admin.FillInAsync(Page, act, fields);
        Assert.True(
            done.StatusCode is HttpStatusCode.Redirect or HttpStatusCode.Found,
            await done.Content.ReadAsStringAsync()
        );
        return _office.Admin.TargetOf(done);
    }

    private Task<long> TouchesAsync() =>
        _office.Host.ScalarAsync<long>("SELECT count(*) FROM touch WHERE state = 'accepted'");

    private Task<string> AuditAsync() =>
        _office.Host.ScalarAsync<string>(
            "SELECT COALESCE(string_agg(act, ', ' ORDER BY id), '') FROM audit WHERE act LIKE 'enrollment.%'"
        );
}
