using System.Text.Json.Nodes;
using NurtureEngine.IntegrationTests.Infrastructure;

namespace NurtureEngine.IntegrationTests.Way;

/// <summary>Definitions and contents from folders, sound and faulty.</summary>
public sealed class FolderTests(PostgresServer server) : IDisposable
{
    private readonly string _folder = TestFolder.New("files");

    public void Dispose() => TestFolder.Delete(_folder);

    [Fact]
    public async Task A_faulty_definition_is_named_with_all_its_faults_and_keeps_no_other_out()
    {
        var shipped = await File.ReadAllTextAsync(Path.Combine(TestFolder.Fixtures, "workflows", "welcome.json"));
        await File.WriteAllTextAsync(Path.Combine(_folder, "sound.json"), shipped);
        await File.WriteAllTextAsync(Path.Combine(_folder, "broken.json"), "{ not json");
        var faulty = JsonNode.Parse(shipped)!;
        faulty["definitionId"] = "faulty";
        faulty["root"]!["activities"]![2]!["templateId"]!["expression"]!["value"] = "no-such-content";
        faulty["root"]!["activities"]![3]!["timeSpan"]!["expression"]!["value"] = "2 hous";
        await File.WriteAllTextAsync(Path.Combine(_folder, "faulty.json"), faulty.ToJsonString());
        var connectionString = await server.CloneAsync();
        await using var host = HostProcess.Start(
            new Dictionary<string, string>
            {
                ["ConnectionStrings__Nurture"] = connectionString,
                ["Nurture__Email__Mode"] = "inbox",
                ["Nurture__WorkflowsFolder"] = _folder,
            },
            []
        );
        await host.ReadyAsync();
        await host.StopAsync();

        Assert.Contains("Track welcome was published from sound.json", host.Output, StringComparison.Ordinal);
        Assert.Contains(
            "broken.json was not taken over: #: The body is no JSON",
            host.Output,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "\\u0027templateId\\u0027 \\u0027no-such-content\\u0027 is no content",
            host.Output,
            StringComparison.Ordinal
        );
        Assert.Contains("\\u00272 hous\\u0027 is no duration", host.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_files_of_one_track_are_a_fault_before_a_host_refuses_them()
    {
        foreach (var name in new[] { "mine.json", "yours.json" })
        {
            File.Copy(Path.Combine(TestFolder.Fixtures, "workflows", "welcome.json"), Path.Combine(_folder, name));
        }

        await using var once = HostProcess.Start(
            new Dictionary<string, string>(),
            ["validate", Path.Combine(_folder, "mine.json"), Path.Combine(_folder, ".", "mine.json")]
        );
        await using var both = HostProcess.Start(new Dictionary<string, string>(), ["validate", _folder]);

        Assert.Equal(0, await once.ExitAsync());
        Assert.Equal(1, await both.ExitAsync());
        Assert.Contains(
            "yours.json: #/definitionId: 'welcome' is the definitionId of all of them",
            both.Errors,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_file_that_is_only_written_in_another_order_is_no_new_version()
    {
        var connectionString = await server.CloneAsync();
        var file = Path.Combine(_folder, "welcome.json");
        var shipped = JsonNode
            .Parse(await File.ReadAllTextAsync(Path.Combine(TestFolder.Fixtures, "workflows", "welcome.json")))!
            .AsObject();
        await File.WriteAllTextAsync(file, shipped.ToJsonString());
        await using (await TestHost.StartAsync(connectionString, workflows: _folder)) { }
        var shuffled = new JsonObject(
            shipped.Reverse().Select(pair => KeyValuePair.Create(pair.Key, pair.Value?.DeepClone()))
        );
        await File.WriteAllTextAsync(file, shuffled.ToJsonString());
        await using var host = await TestHost.StartAsync(connectionString, workflows: _folder);

        Assert.Equal(1, await host.ScalarAsync<long>("SELECT count(*) FROM track_version"));
    }

    [Fact]
    public async Task Starting_again_publishes_nothing_new_and_a_change_makes_the_next_version()
    {
        var connectionString = await server.CloneAsync();
        var file = Path.Combine(_folder, "welcome.json");
        var shipped = await File.ReadAllTextAsync(Path.Combine(TestFolder.Fixtures, "workflows", "welcome.json"));
        await File.WriteAllTextAsync(file, shipped);
        await using (await TestHost.StartAsync(connectionString, workflows: _folder)) { }
        await using (await TestHost.StartAsync(connectionString, workflows: _folder)) { }
        await File.WriteAllTextAsync(
            file,
            shipped.Replace("Three days", "A pause of three days", StringComparison.Ordinal)
        );
        await using (await TestHost.StartAsync(connectionString, workflows: _folder)) { }
        await File.WriteAllTextAsync(file, shipped);
        await using var host = await TestHost.StartAsync(connectionString, workflows: _folder);

        Assert.Equal(2, await host.ScalarAsync<long>("SELECT count(*) FROM track_version"));
        Assert.Equal(2, await host.ScalarAsync<int>("SELECT number FROM track_version WHERE is_current"));
    }

    [Fact]
    public async Task A_planned_touch_keeps_the_version_of_its_content()
    {
        var connectionString = await server.CloneAsync();
        TestFolder.CopyFixture("templates", _folder);
        await using var host = await TestHost.StartAsync(connectionString, templates: _folder);
        var crm = await Crm.ForAsync(host.Http, host.Database);
        await crm.FireAsync(Crm.StageChange("ann", "MQL", host.Clock.GetUtcNow(), tier: "T2"));
        await host.DrainAsync();
        var yaml = Path.Combine(_folder, "welcome-hello", "content.yaml");
        await File.WriteAllTextAsync(
            yaml,
            (await File.ReadAllTextAsync(yaml)).Replace("Welcome, ", "Changed, ", StringComparison.Ordinal)
        );
        await using var other = await TestHost.StartAsync(connectionString, templates: _folder, clock: host.Clock);
        await crm.FireAsync(Crm.StageChange("bob", "MQL", host.Clock.GetUtcNow(), tier: "T2"));
        await other.DrainAsync();

        Assert.Equal(["Changed, Ann", "Welcome, Ann"], (await SubjectsAsync(other)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_faulty_content_is_left_out_and_named_by_file_line_and_column()
    {
        TestFolder.CopyFixture("templates", _folder);
        await File.WriteAllTextAsync(
            Path.Combine(_folder, "welcome-hello", "body.en.html"),
            "<p>\n{{ lead.name | string.shout }}</p>"
        );
        var (contents, faults) = await NurtureEngine.Host.Contents.TemplatesFolder.ReadAsync(
            _folder,
            CancellationToken.None
        );

        Assert.Equal(["welcome-value"], contents.Select(content => content.Key));
        var fault = Assert.Single(faults);
        Assert.Equal("welcome-hello/body.en.html:2:16", fault.Place);
        Assert.Contains("'string.shout' is no known function", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bodies_that_are_empty_or_no_text_are_faults()
    {
        TestFolder.CopyFixture("templates", _folder);
        await File.WriteAllTextAsync(Path.Combine(_folder, "welcome-hello", "body.en.html"), " \n");
        await File.WriteAllBytesAsync(Path.Combine(_folder, "welcome-value", "body.en.html"), [0xFF, 0xFE, 0xFA]);
        await File.WriteAllTextAsync(Path.Combine(_folder, "welcome-value", "content.yaml"), "- a");
        var (contents, faults) = await NurtureEngine.Host.Contents.TemplatesFolder.ReadAsync(
            _folder,
            CancellationToken.None
        );

        Assert.Empty(contents);
        Assert.Equal(
            ["welcome-hello/body.en.html", "welcome-value/content.yaml:1:1"],
            faults.Select(fault => fault.Place)
        );
        Assert.DoesNotContain(faults, fault => fault.Message.Contains("PublicKeyToken", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_partial_with_a_fault_is_named_itself_and_is_not_missing()
    {
        TestFolder.CopyFixture("templates", _folder);
        Directory.CreateDirectory(Path.Combine(_folder, "_partials"));
        await File.WriteAllTextAsync(Path.Combine(_folder, "_partials", "foot.html"), "{{ if }}");
        await File.AppendAllTextAsync(
            Path.Combine(_folder, "welcome-hello", "body.en.html"),
            "{{ include 'foot.html' }}"
        );
        var (_, faults) = await NurtureEngine.Host.Contents.TemplatesFolder.ReadAsync(_folder, CancellationToken.None);

        Assert.All(faults, fault => Assert.StartsWith("_partials/foot.html:1:", fault.Place, StringComparison.Ordinal));
        Assert.NotEmpty(faults);
    }

    [Fact]
    public async Task What_a_template_makes_itself_is_no_unknown_field_and_a_lost_partial_within_a_partial_is_a_fault()
    {
        TestFolder.CopyFixture("templates", _folder);
        Directory.CreateDirectory(Path.Combine(_folder, "_partials"));
        await File.WriteAllTextAsync(
            Path.Combine(_folder, "_partials", "outer.html"),
            "{{ greeting }}{{ include 'lost.html' }}"
        );
        await File.AppendAllTextAsync(
            Path.Combine(_folder, "welcome-hello", "body.en.html"),
            "{{ greeting = 'hi'; o = {m: 1}; with o; m; end; import {a: 1}; a; this.b = 2; b }}{{ include 'outer.html' }}"
        );
        await File.AppendAllTextAsync(
            Path.Combine(_folder, "welcome-value", "body.en.html"),
            "{{ with lead; first_name ?? 'you'; end }}"
        );
        var (contents, faults) = await NurtureEngine.Host.Contents.TemplatesFolder.ReadAsync(
            _folder,
            CancellationToken.None
        );

        Assert.Equal(["welcome-value"], contents.Select(content => content.Key));
        Assert.Equal("_partials/outer.html:1:18", Assert.Single(faults).Place);
    }

    [Fact]
    public async Task Drafts_are_not_published_and_a_file_that_can_not_be_read_keeps_no_other_out()
    {
        var shipped = await File.ReadAllTextAsync(Path.Combine(TestFolder.Fixtures, "workflows", "welcome.json"));
        var draft = JsonNode.Parse(shipped)!;
        (draft["definitionId"], draft["isPublished"]) = ("draft", false);
        await File.WriteAllTextAsync(Path.Combine(_folder, "draft.json"), draft.ToJsonString());
        await File.WriteAllTextAsync(Path.Combine(_folder, "sound.json"), shipped);
        File.CreateSymbolicLink(Path.Combine(_folder, "lost.json"), "/nonexistent");
        await using var host = await TestHost.StartAsync(await server.CloneAsync(), workflows: _folder);

        Assert.Equal("welcome", await host.ScalarAsync<string>("SELECT definition_id FROM track"));
    }

    [Fact]
    public async Task A_field_that_no_lead_can_have_is_a_fault_of_the_content()
    {
        TestFolder.CopyFixture("templates", _folder);
        await File.WriteAllTextAsync(
            Path.Combine(_folder, "welcome-hello", "body.en.html"),
            "{{ lead.naem }} {{ lead.custom.any }} {{ x = 1; x }} {{ foo.bar }}"
        );
        var (_, faults) = await NurtureEngine.Host.Contents.TemplatesFolder.ReadAsync(_folder, CancellationToken.None);

        Assert.Equal(
            ["welcome-hello/body.en.html:1:4", "welcome-hello/body.en.html:1:57"],
            faults.Select(fault => fault.Place)
        );
    }

    [Fact]
    public async Task Two_files_of_one_definition_are_both_left_out()
    {
        var shipped = await File.ReadAllTextAsync(Path.Combine(TestFolder.Fixtures, "workflows", "welcome.json"));
        await File.WriteAllTextAsync(Path.Combine(_folder, "a.json"), shipped);
        await File.WriteAllTextAsync(
            Path.Combine(_folder, "b.json"),
            shipped.Replace("3.00:00:00", "4.00:00:00", StringComparison.Ordinal)
        );
        await using var host = await TestHost.StartAsync(await server.CloneAsync(), workflows: _folder);

        Assert.Equal(0, await host.ScalarAsync<long>("SELECT count(*) FROM track_version"));
    }

    private static async Task<IEnumerable<string>> SubjectsAsync(TestHost host)
    {
        await using var connection = await host.Database.OpenConnectionAsync();
        return await Dapper.SqlMapper.QueryAsync<string>(connection, "SELECT subject FROM draft");
    }
}
