using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using NurtureEngine.Host.Tracks;
using NurtureEngine.IntegrationTests.Infrastructure;
using NurtureEngine.IntegrationTests.Pages;

namespace NurtureEngine.IntegrationTests.Designer;

/// <summary>Files in <c>workflows/</c> beside the designer: they follow each other, and where they part a person decides.</summary>
public sealed class TrackFileTests(PostgresServer server) : IAsyncLifetime
{
    private const string Page = "/console/tracks/welcome/file";

    private readonly string _folder = TestFolder.New("tracks");
    private Office _office = null!;
    private DesignerWindow _window = null!;

    private string FilePath => Path.Combine(_folder, "welcome.json");

    public async ValueTask InitializeAsync()
    {
        File.Copy(Path.Combine(TestFolder.Fixtures, "workflows", "welcome.json"), FilePath);
        _office = await Office.OpenAsync(
            server,
            new Dictionary<string, string?> { ["Nurture:WorkflowsFolder"] = _folder }
        );
        _window = new DesignerWindow(_office.Admin);
    }

    public async ValueTask DisposeAsync()
    {
        await _office.DisposeAsync();
        TestFolder.Delete(_folder);
    }

    [Fact]
    public async Task A_file_that_changes_after_the_designer_has_published_is_shown_and_publishes_nothing()
    {
        await PublishAsync("Drawn");
        await WriteAsync("Written");

        Assert.Contains(
            "was published in the designer since",
            Assert.Single(await ReadAsync()),
            StringComparison.Ordinal
        );
        Assert.Equal("Drawn", await NameInForceAsync());
        Assert.Contains("welcome.json", await _office.Admin.ReadAsync("/console/tracks"), StringComparison.Ordinal);
        Assert.Contains("“Written” instead of “Drawn”", await _office.Admin.ReadAsync(Page), StringComparison.Ordinal);
        // Told once: the same file is not asked about at each start.
        Assert.Empty(await ReadAsync());
    }

    [Fact]
    public async Task A_file_is_taken_over_as_the_draft_unless_there_is_one()
    {
        await PublishAsync("Drawn");
        await WriteAsync("Written");
        await ReadAsync();
        var track = await _window.OpenAsync("welcome");
        track["name"] = "Drawn again";
        await _window.SaveAsync(track);
        using var refused = await _office.Admin.FillInAsync(Page, "take");
        Assert.Contains(
            "publish or discard it first",
            await refused.Content.ReadAsStringAsync(),
            StringComparison.Ordinal
        );

        using var discarded = await _office.Admin.FillInAsync(
            "/console/tracks/welcome/publish",
            "discard",
            ("Revision", "1")
        );
        using var taken = await _office.Admin.FillInAsync(Page, "take");
        Assert.Equal("/console/tracks/welcome/publish", _office.Admin.TargetOf(taken));
        Assert.Equal("Written", (string?)(await _window.OpenAsync("welcome"))["name"]);
    }

    [Fact]
    public async Task What_was_decided_against_is_asked_about_again_only_once_it_changes()
    {
        await PublishAsync("Drawn");
        await WriteAsync("Written");
        await ReadAsync();
        using var declined = await _office.Admin.FillInAsync(Page, "decline");
        Assert.Empty(await ReadAsync());
        using var gone = await _office.Admin.GetAsync(Page);
        await WriteAsync("Written again");

        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        Assert.Single(await ReadAsync());
    }

    [Fact]
    public async Task A_file_that_was_brought_up_to_date_is_followed_again()
    {
        await PublishAsync("Drawn");
        using var export = await _office.Admin.GetAsync(
            "/elsa/api/workflow-definitions/welcome/export?versionOptions=Published"
        );
        await File.WriteAllTextAsync(FilePath, await export.Content.ReadAsStringAsync());
        Assert.Empty(await ReadAsync());
        await WriteAsync("Written");
        Assert.Empty(await ReadAsync());

        Assert.Equal("Written", await NameInForceAsync());
    }

    [Fact]
    public async Task A_file_that_goes_back_and_then_forward_is_no_conflict()
    {
        var first = await File.ReadAllTextAsync(FilePath);
        await WriteAsync("Second");
        Assert.Empty(await ReadAsync());
        await File.WriteAllTextAsync(FilePath, first);
        Assert.Empty(await ReadAsync());
        await WriteAsync("Third");
        Assert.Empty(await ReadAsync());

        Assert.Equal("Third", await NameInForceAsync());
    }

    [Fact]
    public async Task A_track_that_was_taken_out_of_force_does_not_come_back_with_its_file()
    {
        using var retracted = await _window.PostAsync("workflow-definitions/welcome/retract", new JsonObject());
        Assert.Empty(await ReadAsync());
        await WriteAsync("Written");
        Assert.Single(await ReadAsync());

        Assert.Equal(0, await _office.Host.ScalarAsync<long>("SELECT count(*) FROM track_version WHERE is_current"));
    }

    [Fact]
    public async Task A_folder_that_is_watched_is_read_when_a_file_changes()
    {
        using var watch = ActivatorUtilities.CreateInstance<WorkflowsWatch>(_office.Host.Services);
        await watch.StartAsync(CancellationToken.None);
        await WriteAsync("Written");

        await Eventually.TrueAsync(async () => await NameInForceAsync() == "Written", "the changed file in force");
        await watch.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_folder_is_checked_without_a_database_and_written_in_the_designers_order()
    {
        var track = JsonNode.Parse(await File.ReadAllTextAsync(FilePath))!.AsObject();
        await File.WriteAllTextAsync(FilePath, track.ToJsonString());
        var settings = new Dictionary<string, string>
        {
            ["Nurture__TemplatesFolder"] = Path.Combine(TestFolder.Fixtures, "templates"),
        };
        await using var check = HostProcess.Start(settings, ["tracks", "check", _folder]);
        await using var strict = HostProcess.Start(settings, ["tracks", "check", _folder, "--strict"]);
        Assert.Equal(0, await check.ExitAsync());
        Assert.Equal(1, await strict.ExitAsync());
        Assert.Contains("no time limit", check.Output, StringComparison.Ordinal);
        Assert.Contains("--write corrects that", check.Output, StringComparison.Ordinal);

        await using var write = HostProcess.Start(settings, ["tracks", "check", _folder, "--write"]);
        Assert.Equal(0, await write.ExitAsync());
        Assert.StartsWith("{\n  \"", await File.ReadAllTextAsync(FilePath), StringComparison.Ordinal);

        track["root"]!["connections"] = new JsonArray();
        await File.WriteAllTextAsync(FilePath, track.ToJsonString());
        await using var faulty = HostProcess.Start(settings, ["tracks", "check", _folder]);
        Assert.Equal(1, await faulty.ExitAsync());
        Assert.Contains("No connection leads here", faulty.Errors, StringComparison.Ordinal);
    }

    private async Task PublishAsync(string name)
    {
        var track = await _window.OpenAsync("welcome");
        track["name"] = name;
        await _window.SaveAsync(track, publish: true, "?warnings=accepted");
    }

    private async Task WriteAsync(string name)
    {
        var track = JsonNode.Parse(await File.ReadAllTextAsync(FilePath))!;
        track["name"] = name;
        await File.WriteAllTextAsync(FilePath, track.ToJsonString());
    }

    // As a start does; the answer is what it complains of.
    private async Task<List<string>> ReadAsync()
    {
        var faults = new List<string>();
        await _office
            .Host.Services.GetRequiredService<FolderImport>()
            .ImportTracksAsync(_folder, faults, _office.Host.Clock.GetUtcNow(), CancellationToken.None);
        return faults;
    }

    private async Task<string?> NameInForceAsync() =>
        (string?)
            (await _window.ReadAsync("workflow-definitions/by-definition-id/welcome?versionOptions=Published"))["name"];
}
