using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using NurtureEngine.Host.Storage;
using NurtureEngine.IntegrationTests.Infrastructure;

namespace NurtureEngine.IntegrationTests.Storage;

/// <summary>The host as a newcomer runs it, with nothing configured but a folder: killed, starved, and on bad ground.</summary>
public sealed class HostOnPrivateDatabaseTests : IDisposable
{
    private readonly string _folder = TestFolder.New("host");

    public void Dispose() => TestFolder.Delete(_folder);

    [Fact]
    public async Task The_first_five_minutes_work()
    {
        await using var host = Serve();
        var address = await host.ReadyAsync();
        await host.AllowAnyHourAsync();
        var fired = await VerbAsync(
            "fire",
            "--url",
            $"{address}",
            "--email",
            "ann@example.com",
            "--name",
            "Ann Lee",
            "--to",
            "MQL"
        );
        using var http = new HttpClient { BaseAddress = address };

        Assert.Equal((0, true), (fired.ExitCode, fired.Output.StartsWith("202 ", StringComparison.Ordinal)));
        await Eventually.TrueAsync(
            async () => (await MailAsync(http)).Contains("Welcome, Ann", StringComparison.Ordinal),
            "the e-mail in the inbox"
        );
        http.DefaultRequestHeaders.Authorization = new("Bearer", host.AdminKey);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/api/leads")).StatusCode);
        Assert.Equal(0, await host.StopAsync());
    }

    [Fact]
    public async Task No_log_line_holds_personal_data_or_a_key()
    {
        await using var host = Serve();
        var address = await host.ReadyAsync();
        await host.AllowAnyHourAsync();
        string[] person = ["--email", "secret.person@example.com", "--name", "Wilhelmina"];
        foreach (var stage in new[] { "MQL", "Nowhere" })
        {
            await VerbAsync(["fire", "--url", $"{address}", .. person, "--to", stage]);
        }

        using var http = new HttpClient { BaseAddress = address };
        await http.GetAsync("/api/leads?externalId=secret.person@example.com");
        await Eventually.TrueAsync(
            async () => (await MailAsync(http)).Contains("Wilhelmina", StringComparison.Ordinal),
            "the e-mail in the inbox"
        );
        await host.StopAsync();

        Assert.Contains("\"Message\"", host.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("secret.person", host.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Wilhelmina", host.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("nk_", host.Output, StringComparison.Ordinal);
        Assert.All(
            host.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries),
            line => JsonDocument.Parse(line).Dispose()
        );
    }

    [Fact]
    public async Task A_killed_host_takes_its_server_along_and_starts_again_on_the_same_data()
    {
        await using (var first = Serve())
        {
            await first.ReadyAsync();
            await first.KillAsync();
        }

        await Eventually.TrueAsync(() => Task.FromResult(ServerId() is null), "the server to end with its host");
        await using var second = Serve();
        await second.ReadyAsync();

        Assert.DoesNotContain("nk_", second.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_outlives_its_first_host_serves_the_second()
    {
        await using var first = Serve();
        await first.ReadyAsync();
        await using var second = Serve();
        var address = await second.ReadyAsync();
        await first.KillAsync();
        using var http = new HttpClient { BaseAddress = address };

        // The dead host's watch waits five seconds for the lock that the second host holds; then it must have left the server alone.
        await Eventually.TrueAsync(() => Task.FromResult(WatchCount() == 1), "the dead host's watch to give up");
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/healthz/ready")).StatusCode);
    }

    [Fact]
    public async Task A_killed_server_is_started_again_under_a_running_host()
    {
        await using var host = Serve();
        using var http = new HttpClient { BaseAddress = await host.ReadyAsync() };
        await host.AllowAnyHourAsync();
        var killed = ServerId()!.Value;
        Process.GetProcessById(killed).Kill();

        await Eventually.TrueAsync(() => Task.FromResult(ServerId() is { } id && id != killed), "another server");
        await Eventually.TrueAsync(
            async () => (await http.GetAsync("/healthz/ready")).IsSuccessStatusCode,
            "a ready host"
        );
        var fired = await VerbAsync(
            "fire",
            "--url",
            $"{http.BaseAddress}",
            "--email",
            "ann@example.com",
            "--to",
            "MQL"
        );
        Assert.Equal(0, fired.ExitCode);
        await Eventually.TrueAsync(
            async () => (await MailAsync(http)).Contains("Welcome", StringComparison.Ordinal),
            "the e-mail in the inbox"
        );
    }

    [Fact]
    public async Task Two_hosts_that_start_at_once_on_an_empty_folder_both_serve()
    {
        await using var first = Serve();
        await using var second = Serve();
        await Task.WhenAll(first.ReadyAsync(), second.ReadyAsync());

        Assert.Single(new[] { first, second }, host => host.Errors.Contains("nk_", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Data_of_a_version_that_is_not_installed_end_in_one_sentence()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "postgres"));
        await File.WriteAllTextAsync(Path.Combine(_folder, "postgres", "PG_VERSION"), "13\n");
        await using var host = Serve();

        Assert.Equal(1, await host.ExitAsync());
        Assert.Contains("was made by PostgreSQL 13, which was not found", host.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", host.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_can_not_be_written_ends_in_one_sentence()
    {
        File.SetUnixFileMode(
            _folder,
            UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute
        );
        await using var host = Serve(runAs: Environment.IsPrivilegedProcess ? "65534" : null);

        Assert.Equal(1, await host.ExitAsync());
        Assert.Contains($"The data folder {_folder} can't be written", host.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", host.Errors, StringComparison.Ordinal);
        File.SetUnixFileMode(_folder, (UnixFileMode)0b111_101_101);
    }

    [Fact]
    public async Task A_settings_fault_ends_in_all_faults_at_once()
    {
        await using var host = HostProcess.Start(
            new Dictionary<string, string>
            {
                ["Nurture__DataFolder"] = _folder,
                ["Nurture__Email__Mode"] = "pigeon",
                ["Nurture__Email__Color"] = "red",
                ["ConnectionStrings__Nurtur"] = "Host=elsewhere",
                ["Nurture__Webhooks__Sources__CRM__Secrets__0"] = "hunter2",
            },
            []
        );

        Assert.Equal(2, await host.ExitAsync());
        Assert.Contains("Nurture:Email:Mode 'pigeon'", host.Errors, StringComparison.Ordinal);
        Assert.Contains("Nurture:Email:Color is not known", host.Errors, StringComparison.Ordinal);
        Assert.Contains("ConnectionStrings:Nurtur is not known", host.Errors, StringComparison.Ordinal);
        Assert.Contains("'CRM' is no name", host.Errors, StringComparison.Ordinal);
        Assert.Contains("Secrets:0 is no secret", host.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", host.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Nurture__DataFoldr", "x", "DataFoldr")]
    [InlineData("ASPNETCORE_URLS", "foo", "foo")]
    [InlineData("ASPNETCORE_URLS", "http://1.2.3.4:5000", "assign requested address")]
    [InlineData("ASPNETCORE_URLS", "http://localhost:99999", "99999")]
    public async Task A_setting_that_can_not_be_meant_ends_in_one_sentence(string name, string value, string expected)
    {
        await using var host = HostProcess.Start(
            new Dictionary<string, string> { ["Nurture__DataFolder"] = _folder, [name] = value },
            []
        );

        Assert.NotEqual(0, await host.ExitAsync());
        Assert.Contains(expected, host.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", host.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_is_taken_ends_in_one_sentence_and_keeps_the_first_key_for_the_next_start()
    {
        using var taken = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var address = $"http://{taken.LocalEndpoint}";
        await using (
            var host = HostProcess.Start(
                new Dictionary<string, string> { ["Nurture__DataFolder"] = _folder, ["ASPNETCORE_URLS"] = address },
                []
            )
        )
        {
            Assert.Equal(1, await host.ExitAsync());
            Assert.Contains("address already in use: end the other program", host.Errors, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", host.Errors + host.Output, StringComparison.Ordinal);
        }

        await using var next = Serve();
        await next.ReadyAsync();
        Assert.Contains("nk_", next.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_verb_called_elsewhere_makes_nothing_and_says_where_to_go()
    {
        var fired = await VerbAsync("fire", "--email", "ann@example.com", "--to", "MQL");

        Assert.Equal(2, fired.ExitCode);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
    }

    [Fact]
    public async Task What_is_faulty_in_the_folders_stands_in_the_banner()
    {
        var workflows = Path.Combine(_folder, "flows");
        Directory.CreateDirectory(workflows);
        await File.WriteAllTextAsync(Path.Combine(workflows, "broken.json"), "{");
        await using var host = HostProcess.Start(
            new Dictionary<string, string>
            {
                ["Nurture__DataFolder"] = Path.Combine(_folder, "d"),
                ["Nurture__WorkflowsFolder"] = workflows,
            },
            []
        );
        await host.ReadyAsync();
        await host.StopAsync();

        Assert.Contains("1 fault(s), so not everything was taken over:", host.Errors, StringComparison.Ordinal);
        Assert.Contains("broken.json: #: The body is no JSON", host.Errors, StringComparison.Ordinal);
    }

    private HostProcess Serve(string? runAs = null) =>
        HostProcess.Start(new Dictionary<string, string> { ["Nurture__DataFolder"] = _folder }, [], runAs: runAs);

    private async Task<(int ExitCode, string Output)> VerbAsync(params string[] verb)
    {
        await using var process = HostProcess.Start(
            new Dictionary<string, string> { ["Nurture__DataFolder"] = _folder },
            verb
        );
        return (await process.ExitAsync(), process.Output);
    }

    private int? ServerId() =>
        new PostgresCluster(new DataFolder(_folder, null), new PostgresBinaries("", 0)).FindServer();

    // Each watch is a shell or flock whose command line names this folder's lock.
    private int WatchCount() =>
        Directory
            .EnumerateDirectories("/proc")
            .Where(path => int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out _))
            .Select(path => Path.Combine(path, "cmdline"))
            .Count(file => ReadOrEmpty(file).Contains($"{_folder}/attached.lock", StringComparison.Ordinal));

    private static string ReadOrEmpty(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (IOException)
        {
            return "";
        }
    }

    private static async Task<string> MailAsync(HttpClient http) =>
        (await http.GetFromJsonAsync<JsonElement>("/api/dev/inbox")).GetRawText();
}
