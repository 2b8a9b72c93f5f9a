using System.Net;
using System.Text.Json.Nodes;
using NurtureEngine.IntegrationTests.Infrastructure;
using NurtureEngine.IntegrationTests.Pages;

namespace NurtureEngine.IntegrationTests.Designer;

/// <summary>What becomes of those who are in a track when another version is published.</summary>
public sealed class MoveTests(PostgresServer server) : IAsyncLifetime
{
    private const string Page = "/console/tracks/welcome/publish";

    private Office _office = null!;
    private DesignerWindow _window = null!;

    public async ValueTask InitializeAsync()
    {
        _office = await Office.OpenAsync(server);
        _window = new DesignerWindow(_office.Admin);
        await _office.EnterAsync("ann", "bob", "cleo");
    }

    public ValueTask DisposeAsync() => _office.DisposeAsync();

    [Fact]
    public async Task Without_a_choice_everyone_stays_in_the_version_they_are_in()
    {
        await RenameAsync("Welcome, second");
        Assert.Contains("pause", await _office.Admin.ReadAsync(Page), StringComparison.OrdinalIgnoreCase);
        await PublishAsync();
        await _office.Host.DrainAsync();

        Assert.Equal(3, await CountAsync(version: 1));
    }

    [Fact]
    public async Task Those_who_are_chosen_move_and_go_on_at_the_same_step()
    {
        var step = await StepAsync();
        await RenameAsync("Welcome, second");
        await PublishAsync(("Move", $"1|{step}"));
        await _office.Host.DrainAsync();

        Assert.Equal(3, await CountAsync(version: 2));
        Assert.Equal(
            3,
            await _office.Host.ScalarAsync<long>("SELECT moved FROM track_move WHERE ended_at IS NOT NULL")
        );
        Assert.Equal(
            3,
            await _office.Host.ScalarAsync<long>("SELECT count(*) FROM timeline WHERE kind = 'enrollment.moved'")
        );
        _office.Host.Clock.Advance(TimeSpan.FromDays(30));
        await _office.Host.DrainAsync();
        Assert.Equal(3, await _office.Host.ScalarAsync<long>("SELECT count(*) FROM enrollment WHERE state = 1"));
        Assert.Equal(6, await _office.Host.ScalarAsync<long>("SELECT count(*) FROM touch"));
    }

    [Fact]
    public async Task Who_is_paused_moves_too_and_goes_on_once_resumed()
    {
        var step = await StepAsync();
        using var paused = await _office.Host.Http.PostAsync("/api/leads/1/pause", null);
        Assert.True(paused.IsSuccessStatusCode);
        await RenameAsync("Welcome, second");
        await PublishAsync(("Move", $"1|{step}"));
        await _office.Host.DrainAsync();
        _office.Host.Clock.Advance(TimeSpan.FromDays(1));
        using var resumed = await _office.Host.Http.PostAsync("/api/leads/1/resume", null);
        Assert.True(resumed.IsSuccessStatusCode);
        _office.Host.Clock.Advance(TimeSpan.FromDays(30));
        await _office.Host.DrainAsync();

        Assert.Equal(3, await _office.Host.ScalarAsync<long>("SELECT count(*) FROM enrollment WHERE state = 1"));
        Assert.Equal(
            3,
            await _office.Host.ScalarAsync<long>(
                "SELECT count(*) FROM enrollment e JOIN track_version v ON v.id = e.track_version_id WHERE v.number = 2"
            )
        );
    }

    [Fact]
    public async Task A_move_ends_with_the_next_publication_and_holds_up_no_other()
    {
        var step = await StepAsync();
        await RenameAsync("Welcome, second");
        await PublishAsync(("Move", $"1|{step}"));
        using var back = await _office.Admin.FillInAsync("/console/tracks/welcome/versions/1", "revert");
        using var again = await _office.Admin.FillInAsync(
            Page,
            "publish",
            ("Revision", "1"),
            ("Over", "2"),
            ("Accepts", "true")
        );
        Assert.Equal(HttpStatusCode.Found, again.StatusCode);
        await _office.Host.DrainAsync();

        Assert.Equal(3, await CountAsync(version: 1));
        Assert.Equal(0, await _office.Host.ScalarAsync<long>("SELECT count(*) FROM track_move WHERE ended_at IS NULL"));
    }

    [Fact]
    public async Task A_draft_that_someone_has_saved_since_is_not_discarded()
    {
        await RenameAsync("Welcome, second");
        await RenameAsync("Welcome, third");
        using var refused = await _office.Admin.FillInAsync(Page, "discard", ("Revision", "1"));
        Assert.Contains("Look again first", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var discarded = await _office.Admin.FillInAsync(Page, "discard", ("Revision", "2"));

        Assert.Equal(HttpStatusCode.Found, discarded.StatusCode);
        Assert.Equal(0, await _office.Host.ScalarAsync<long>("SELECT count(*) FROM track_draft"));
    }

    [Fact]
    public async Task A_track_out_of_force_keeps_its_page_and_its_leads()
    {
        using var retracted = await _window.PostAsync("workflow-definitions/welcome/retract", new JsonObject());
        var page = await _office.Admin.ReadAsync("/console/tracks/welcome");

        Assert.Contains("Out of force", page, StringComparison.Ordinal);
        Assert.Contains("Out of force", await _office.Admin.ReadAsync("/console/tracks"), StringComparison.Ordinal);
        Assert.DoesNotContain("name=\"Form.Version\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_would_be_stranded_can_not_be_moved()
    {
        var step = await StepAsync();
        var track = await _window.OpenAsync("welcome");
        var text = track["root"]!.ToJsonString().Replace($"\"{step}\"", "\"another-step\"", StringComparison.Ordinal);
        track["root"] = JsonNode.Parse(text);
        await _window.SaveAsync(track);
        var page = await _office.Admin.ReadAsync(Page);
        using var refused = await PostAsync(("Move", $"1|{step}"));

        Assert.Contains("They would be stranded", page, StringComparison.Ordinal);
        Assert.DoesNotContain("name=\"Move\"", page, StringComparison.Ordinal);
        Assert.Contains("they must stay", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(0, await CountAsync(version: 2));
        await PublishAsync();
        Assert.Equal(3, await CountAsync(version: 1));
    }

    [Fact]
    public async Task A_page_that_was_looked_at_too_early_publishes_nothing()
    {
        await RenameAsync("Welcome, second");
        var token = await _office.Admin.TokenOfAsync(Page);
        await RenameAsync("Welcome, third");
        using var refused = await _office.Admin.PostAsync(
            Page,
            ("_handler", "publish"),
            ("__RequestVerificationToken", token),
            ("Revision", "1"),
            ("Over", "1"),
            ("Accepts", "true")
        );

        Assert.Contains("Look again first", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(1, await _office.Host.ScalarAsync<long>("SELECT count(*) FROM track_draft"));
    }

    [Fact]
    public async Task A_copy_of_a_track_is_a_draft_of_its_own_and_is_published_under_its_own_id()
    {
        using var made = await _office.Admin.FillInAsync(
            "/console/tracks/new",
            "new",
            ("Name", "Spring campaign"),
            ("From", "welcome")
        );
        var page = "/console/tracks/spring-campaign/publish";
        Assert.Equal("/console/tracks/spring-campaign/drawing", _office.Admin.TargetOf(made));
        var review = await _office.Admin.ReadAsync(page);
        Assert.Contains("The track is new", review, StringComparison.Ordinal);
        using var done = await _office.Admin.FillInAsync(
            page,
            "publish",
            ("Revision", "1"),
            ("Over", "0"),
            ("Accepts", "true")
        );

        Assert.Equal("/console/tracks/spring-campaign?done=trackPublished", _office.Admin.TargetOf(done));
        Assert.Contains("Spring campaign", await _office.Admin.ReadAsync("/console/tracks"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_version_tells_its_differences_and_is_brought_back_as_a_draft()
    {
        await RenameAsync("Welcome, second");
        await PublishAsync();
        var page = await _office.Admin.ReadAsync("/console/tracks/welcome/versions/2");
        using var back = await _office.Admin.FillInAsync("/console/tracks/welcome/versions/1", "revert");

        Assert.Contains("“Welcome, second” instead of", page, StringComparison.Ordinal);
        Assert.Contains("by admin", page, StringComparison.Ordinal);
        Assert.Equal("/console/tracks/welcome/publish", _office.Admin.TargetOf(back));
        Assert.Equal((3, false), await DraftAsync());
    }

    private async Task<(int, bool)> DraftAsync()
    {
        var draft = await _window.OpenAsync("welcome");
        return ((int)draft["version"]!, (bool)draft["isPublished"]!);
    }

    private async Task RenameAsync(string name)
    {
        var track = await _window.OpenAsync("welcome");
        track["name"] = name;
        await _window.SaveAsync(track);
    }

    private async Task PublishAsync(params (string, string)[] moves)
    {
        using var answer = await PostAsync(moves);
        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
    }

    private Task<HttpResponseMessage> PostAsync(params (string, string)[] moves) =>
        _office.Admin.FillInAsync(Page, "publish", [("Over", "1"), ("Accepts", "true"), .. moves]);

    // The step where all three stand.
    private async Task<string> StepAsync() =>
        Core
            .Tracks.Running.TokenCodec.Read(
                await _office.Host.ScalarAsync<byte[]>("SELECT tokens FROM enrollment LIMIT 1")
            )
            .Tokens[0]
            .Step.Value;

    private Task<long> CountAsync(int version) =>
        _office.Host.ScalarAsync<long>(
            "SELECT count(*) FROM enrollment e JOIN track_version v ON v.id = e.track_version_id WHERE v.number = @version AND e.state = 0",
            new { version }
        );
}
