using System.Diagnostics;
using System.Net;
using NurtureEngine.IntegrationTests.Infrastructure;

namespace NurtureEngine.IntegrationTests.Storage;

/// <summary>What only root can set up: another user, a folder that only root enters, a disk that is full or read-only.</summary>
public sealed class RootTests : IDisposable
{
    private const string NeedsRoot = "The test mounts a disk or changes user, which only root may do.";
    private readonly string _folder = TestFolder.New("root");

    public void Dispose() => TestFolder.Delete(_folder);

    [Fact]
    public async Task Without_root_rights_the_host_runs_PostgreSQL_as_itself()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, NeedsRoot);
        File.SetUnixFileMode(_folder, (UnixFileMode)0b111_111_111);
        await using var host = Serve(Path.Combine(_folder, "data"), runAs: "65534");
        await host.ReadyAsync();

        Assert.Equal(0, await host.StopAsync());
    }

    [Fact]
    public async Task A_folder_that_only_root_may_enter_moves_the_data_and_the_log_says_so()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, NeedsRoot);
        File.SetUnixFileMode(_folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await using var host = Serve(Path.Combine(_folder, "data"));
        await host.ReadyAsync();
        await host.StopAsync();

        Assert.Contains("the data live in /var/lib/nurture-engine/", host.Errors, StringComparison.Ordinal);
        TestFolder.Delete(host.Errors.Split("the data live in ")[1].Split('.')[0]);
    }

    [Fact]
    public async Task Root_without_a_look_into_other_processes_keeps_its_server()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, NeedsRoot);
        await using var host = HostProcess.Start(
            new Dictionary<string, string> { ["Nurture__DataFolder"] = _folder },
            [],
            through: ["setpriv", "--bounding-set=-sys_ptrace"]
        );
        using var http = new HttpClient { BaseAddress = await host.ReadyAsync() };
        var pidFile = Path.Combine(_folder, "postgres", "postmaster.pid");
        var before = await File.ReadAllLinesAsync(pidFile);

        // Longer than the keeper takes to look a few times.
        await Eventually.TrueAsync(() => Task.FromResult(host.Uptime > TimeSpan.FromSeconds(6)), "the keeper to look");
        Assert.Equal(before[0], (await File.ReadAllLinesAsync(pidFile))[0]);
        Assert.DoesNotContain("was started again", host.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_in_another_container_on_the_same_folder_is_attached_to()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, NeedsRoot);
        var environment = new Dictionary<string, string> { ["Nurture__DataFolder"] = _folder };
        await using var inside = HostProcess.Start(
            environment,
            [],
            through: ["unshare", "--pid", "--ipc", "--fork", "--mount-proc", "--kill-child"]
        );
        using var http = new HttpClient { BaseAddress = await inside.ReadyAsync() };
        var pidFile = Path.Combine(_folder, "postgres", "postmaster.pid");
        var before = await File.ReadAllTextAsync(pidFile);
        await using var outside = HostProcess.Start(environment, []);
        await outside.ReadyAsync();

        Assert.Equal(before.Split('\n')[0], (await File.ReadAllTextAsync(pidFile)).Split('\n')[0]);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/healthz/ready")).StatusCode);
    }

    [Fact]
    public async Task Root_with_a_strict_umask_starts()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, NeedsRoot);
        await using var host = HostProcess.Start(
            new Dictionary<string, string> { ["Nurture__DataFolder"] = Path.Combine(_folder, "data") },
            [],
            through: ["sh", "-c", "umask 077; exec \"$@\"", "sh"]
        );
        await host.ReadyAsync();

        Assert.Equal(0, await host.StopAsync());
    }

    [Fact]
    public async Task A_full_disk_ends_in_one_sentence()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, NeedsRoot);
        await using var disk = await Disk.MountAsync(_folder, "size=24m,mode=0755");
        await using var host = Serve(_folder);

        Assert.Equal(1, await host.ExitAsync());
        Assert.Contains("is full; free some space and start again.", host.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", host.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_read_only_disk_ends_in_one_sentence()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, NeedsRoot);
        await using var disk = await Disk.MountAsync(_folder, "ro,mode=0755");
        await using var host = Serve(_folder);

        Assert.Equal(1, await host.ExitAsync());
        Assert.Contains($"The data folder {_folder} can't be written", host.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", host.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_disk_that_fills_up_under_a_running_host_is_survived()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, NeedsRoot);
        await using var disk = await Disk.MountAsync(_folder, "size=160m,mode=0755");
        await using var host = Serve(_folder);
        using var http = new HttpClient { BaseAddress = await host.ReadyAsync() };
        await host.AllowAnyHourAsync();
        var filler = Path.Combine(_folder, "filler");
        using (
            var fill = Process.Start(
                new ProcessStartInfo("dd", ["if=/dev/zero", $"of={filler}", "bs=64k"]) { RedirectStandardError = true }
            )!
        )
        {
            await fill.WaitForExitAsync();
        }

        await using (var refused = Fire(http.BaseAddress!))
        {
            await refused.ExitAsync();
        }

        File.Delete(filler);
        await Eventually.TrueAsync(
            async () =>
            {
                await using var fire = Fire(http.BaseAddress!);
                return await fire.ExitAsync() == 0;
            },
            "events to be taken in again"
        );
        await Eventually.TrueAsync(
            async () => (await http.GetStringAsync("/api/dev/inbox")).Contains("Welcome", StringComparison.Ordinal),
            "the e-mail"
        );
    }

    private HostProcess Fire(Uri address) =>
        HostProcess.Start(
            new Dictionary<string, string> { ["Nurture__DataFolder"] = _folder },
            ["fire", "--url", $"{address}", "--email", "ann@example.com", "--to", "MQL"]
        );

    private static HostProcess Serve(string dataFolder, string? runAs = null) =>
        HostProcess.Start(new Dictionary<string, string> { ["Nurture__DataFolder"] = dataFolder }, [], runAs: runAs);

    /// <summary>A small disk of its own.</summary>
    private sealed class Disk(string path) : IAsyncDisposable
    {
        public static async Task<Disk> MountAsync(string path, string options)
        {
            using var mount = Process.Start("mount", ["-t", "tmpfs", "-o", options, "tmpfs", path]);
            await mount.WaitForExitAsync();
            Assert.Equal(0, mount.ExitCode);
            return new Disk(path);
        }

        public async ValueTask DisposeAsync()
        {
            using var unmount = Process.Start("umount", ["--lazy", path]);
            await unmount.WaitForExitAsync();
        }
    }
}
