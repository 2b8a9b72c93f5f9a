using NurtureEngine.Core.People;
using NurtureEngine.IntegrationTests.Infrastructure;

namespace NurtureEngine.IntegrationTests.Pages;

/// <summary>A track's settings are changed on its page, version by version.</summary>
public sealed class TrackPageTests(PostgresServer server) : IAsyncLifetime
{
    private const string Page = "/console/tracks/welcome";

    // Figures are kept for a minute of it.
    private readonly TestClock _machine = new(DateTimeOffset.UtcNow);
    private Office _office = null!;
    private Visitor _marketer = null!;

    public async ValueTask InitializeAsync()
    {
        _office = await Office.OpenAsync(server, machineClock: _machine);
        _marketer = await _office.HireAsync("mia", Roles.Marketer);
    }

    public async ValueTask DisposeAsync()
    {
        _marketer.Dispose();
        await _office.DisposeAsync();
    }

    [Fact]
    public async Task A_change_is_a_new_version_that_keeps_all_else_and_is_in_the_audit_log()
    {
        var before = await DefinitionAsync(1);
        using var saved = await SaveAsync(1, ("Form.Priority", "71"), ("Form.Owner", "Mia Müller"));

        Assert.Equal($"{Page}?done=trackSaved", _marketer.TargetOf(saved));
        Assert.Contains("Mia Müller", await _marketer.ReadAsync(Page), StringComparison.Ordinal);
        Assert.Contains("\"root\"", await DefinitionAsync(2), StringComparison.Ordinal);
        Assert.NotEqual(before, await DefinitionAsync(2));
        Assert.Equal(
            "mia track/welcome",
            await _office.Host.ScalarAsync<string>(
                "SELECT actor || ' ' || subject FROM audit WHERE act = 'track.published'"
            )
        );
    }

    [Fact]
    public async Task Of_two_who_change_the_same_version_the_second_is_told_and_changes_nothing()
    {
        using var first = await SaveAsync(1, ("Form.Priority", "71"));
        using var second = await SaveAsync(1, ("Form.Priority", "72"), ("Form.Owner", "typed by the second"));
        var said = System.Net.WebUtility.HtmlDecode(await second.Content.ReadAsStringAsync());

        Assert.Contains("Another version was published", said, StringComparison.Ordinal);
        Assert.Contains("typed by the second", said, StringComparison.Ordinal);
        Assert.Equal(2, await VersionsAsync());
    }

    [Fact]
    public async Task However_many_save_at_once_one_version_comes_of_it()
    {
        var token = await _marketer.TokenOfAsync(Page);
        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 6)
                .Select(i =>
                    _marketer.PostAsync(
                        Page,
                        ("_handler", "settings"),
                        ("__RequestVerificationToken", token),
                        ("Form.Version", "1"),
                        ("Form.Priority", $"{60 + i}")
                    )
                )
        );

        Assert.Single(answers, answer => answer.Headers.Location is not null);
        Assert.Equal(2, await VersionsAsync());
    }

    [Fact]
    public async Task What_was_changed_can_be_taken_back()
    {
        using var first = await SaveAsync(1, ("Form.Priority", "71"));
        using var second = await SaveAsync(2, ("Form.Priority", "72"));
        using var back = await SaveAsync(3, ("Form.Priority", "71"));
        using var same = await SaveAsync(2, ("Form.Priority", "71"));

        Assert.Equal($"{Page}?done=trackSaved", _marketer.TargetOf(back));
        Assert.Equal(2, await _office.Host.ScalarAsync<int>("SELECT number FROM track_version WHERE is_current"));
        Assert.Contains("in force already", await same.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(3, await VersionsAsync());
    }

    [Fact]
    public async Task Whoever_is_in_an_older_version_is_counted_and_a_stage_that_ended_it_is_told()
    {
        using var stages = await SaveAsync(1, ("Form.ExitStages", "SQL"));
        var crm = await Crm.ForAsync(_office.Host.Http, _office.Host.Database);
        foreach (var (lead, stage) in new[] { ("ann", "MQL"), ("bob", "MQL"), ("ann", "SQL") })
        {
            await crm.FireAsync(Crm.StageChange(lead, stage, _office.Host.Clock.GetUtcNow()));
            await _office.Host.DrainAsync();
            _office.Host.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        using var saved = await SaveAsync(2, ("Form.ExitStages", "SQL"), ("Form.Priority", "71"));
        _machine.Advance(TimeSpan.FromMinutes(2));
        var page = await _marketer.ReadAsync(Page);

        Assert.Contains("1 leads in it", page, StringComparison.Ordinal);
        Assert.Contains("Comes to stage SQL", page, StringComparison.Ordinal);
        Assert.Contains("goal rate 100% (1)", page, StringComparison.Ordinal);
        Assert.Contains("/console/leads/2", page, StringComparison.Ordinal);
        Assert.DoesNotContain("/console/leads/1", page, StringComparison.Ordinal);
        Assert.Contains(
            "/console/leads/1",
            await _marketer.ReadAsync($"{Page}?state=exited"),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("Form.Priority", "101", "Priority")]
    [InlineData("Form.TimeLimit", "soon", "Time limit")]
    [InlineData("Form.Goal", "lead.nothing > 1", "Goal")]
    [InlineData("Form.ExitStages", "Champion", "Exit stages")]
    [InlineData("Form.Aim", "fame", "Aim")]
    public async Task What_can_not_be_meant_is_named_by_its_field_and_nothing_is_changed(
        string field,
        string value,
        string name
    )
    {
        using var answer = await SaveAsync(1, (field, value));

        var page = System.Net.WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());

        Assert.Contains($"<li>“{name}” ", page, StringComparison.Ordinal);
        Assert.Equal(1, await VersionsAsync());
    }

    [Fact]
    public async Task The_goal_rate_counts_what_the_track_calls_a_success()
    {
        var crm = await Crm.ForAsync(_office.Host.Http, _office.Host.Database);
        foreach (var lead in new[] { "ann", "bob" })
        {
            await crm.FireAsync(Crm.StageChange(lead, "MQL", _office.Host.Clock.GetUtcNow()));
        }

        await _office.Host.DrainAsync();
        await _office.Host.ExecuteAsync(
            "UPDATE enrollment SET state = 2, code = 'lead.replied', due_at = NULL, ended_at = now() WHERE id = (SELECT min(id) FROM enrollment)"
        );
        using var saved = await SaveAsync(
            1,
            ("Form.EndNames", "lead.replied"),
            ("Form.EndOutcomes", "success"),
            ("Form.EndNames", "SQL"),
            ("Form.EndOutcomes", "")
        );

        Assert.Equal($"{Page}?done=trackSaved", _marketer.TargetOf(saved));
        Assert.Contains("100% (1)", await _marketer.ReadAsync("/console/tracks"), StringComparison.Ordinal);
    }

    private Task<HttpResponseMessage> SaveAsync(int version, params (string, string)[] fields) =>
        _marketer.FillInAsync(Page, "settings", [("Form.Version", $"{version}"), .. fields]);

    private Task<string> DefinitionAsync(int version) =>
        _office.Host.ScalarAsync<string>(
            "SELECT definition FROM track_version WHERE number = @version",
            new { version }
        );

    private Task<int> VersionsAsync() => _office.Host.ScalarAsync<int>("SELECT max(number) FROM track_version");
}
