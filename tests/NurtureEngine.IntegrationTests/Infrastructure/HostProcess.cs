using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace NurtureEngine.IntegrationTests.Infrastructure;

/// <summary>The host as an operator runs it: a process of its own, that can be killed.</summary>
internal sealed partial class HostProcess : IAsyncDisposable
{
    /// <summary>What PostgreSQL knows the connections of such a host by.</summary>
    public const string ApplicationName = "host-process";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private readonly Stopwatch _since = Stopwatch.StartNew();
    private readonly Process _process;
    private readonly StringBuilder _errors = new();
    private readonly StringBuilder _output = new();
    private readonly TaskCompletionSource<Uri> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private HostProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Append(_output, line.Data);
        process.ErrorDataReceived += (_, line) =>
        {
            Append(_errors, line.Data);
            if (line.Data is "" && ReadyLine().Match(Errors) is { Success: true } match)
            {
                // The empty line that ends the welcome: whoever waits may read all of it, the key too.
                _ready.TrySetResult(new Uri(match.Groups[1].Value));
            }
        };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        process.StandardInput.Close();
    }

    public TimeSpan Uptime => _since.Elapsed;

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    public string Errors => Read(_errors);

    public string Output => Read(_output);

    /// <summary>Starts the host with the given settings on top of defaults that suit tests; <paramref name="verb"/> empty serves.</summary>
    public static HostProcess Start(
        IReadOnlyDictionary<string, string> environment,
        string[] verb,
        string? runAs = null,
        string[]? through = null
    )
    {
        string[] drop = runAs is null ? [] : ["setpriv", $"--reuid={runAs}", "--regid=65534", "--clear-groups", "--"];
        string[] command =
        [
            .. through ?? [],
            .. drop,
            "dotnet",
            Path.Combine(AppContext.BaseDirectory, "NurtureEngine.Host.dll"),
            .. verb,
        ];
        var info = new ProcessStartInfo
        {
            FileName = command[0],
            WorkingDirectory = Repository.Root,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in command.Skip(1))
        {
            info.ArgumentList.Add(argument);
        }

        info.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        // Most of a short life is compiling: measuring what to compile better would never pay.
        info.Environment["DOTNET_TieredPGO"] = "0";
        info.Environment["DOTNET_CLI_HOME"] = Path.GetTempPath();
        info.Environment["Nurture__WorkflowsFolder"] = Path.Combine(TestFolder.Fixtures, "workflows");
        info.Environment["Nurture__TemplatesFolder"] = Path.Combine(TestFolder.Fixtures, "templates");
        foreach (var (name, value) in environment)
        {
            info.Environment[name] = value;
        }

        return new HostProcess(Process.Start(info)!);
    }

    /// <summary>Starts a host on an external database and waits until it serves.</summary>
    public static async Task<HostProcess> ServeAsync(string connectionString, string? crashAt = null)
    {
        var host = StartServing(connectionString, crashAt, crashPassage: 1);
        await host.ReadyAsync();
        return host;
    }

    /// <summary>Starts a host that may be dead before it serves.</summary>
    public static HostProcess StartServing(
        string connectionString,
        string? crashAt,
        int crashPassage,
        string? workflows = null,
        IReadOnlyDictionary<string, string>? settings = null
    )
    {
        var environment = new Dictionary<string, string>
        {
            ["ConnectionStrings__Nurture"] = $"{connectionString};Application Name={ApplicationName}",
            ["Nurture__Email__Mode"] = "inbox",
        };
        if (workflows is not null)
        {
            environment["Nurture__WorkflowsFolder"] = workflows;
        }

        if (crashAt is not null)
        {
            environment["DOTNET_STARTUP_HOOKS"] = Path.Combine(AppContext.BaseDirectory, "NurtureEngine.CrashHook.dll");
            environment["CRASH_AT"] = crashAt;
            environment["CRASH_PASSAGE"] = $"{crashPassage}";
        }

        foreach (var (name, value) in settings ?? new Dictionary<string, string>())
        {
            environment[name] = value;
        }

        return Start(environment, []);
    }

    /// <summary>The administrator's key, which the first start on a database prints.</summary>
    public string AdminKey => FirstKey().Match(Errors).Value;

    /// <summary>
    /// Lets e-mail leave at night and on weekends too, as the README says: a host that a test starts as an operator does has the machine's clock.
    /// </summary>
    public async Task AllowAnyHourAsync()
    {
        using var http = new HttpClient { BaseAddress = await ReadyAsync() };
        using var request = new HttpRequestMessage(HttpMethod.Patch, "/api/rulebook")
        {
            Content = new StringContent(
                """{"cadence": {"quietHours": null, "workingDays": null}}""",
                Encoding.UTF8,
                "application/merge-patch+json"
            ),
        };
        request.Headers.IfMatch.ParseAdd("*");
        request.Headers.Authorization = new("Bearer", AdminKey);
        using var answer = await http.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>The address, once it serves.</summary>
    /// <exception cref="InvalidOperationException">It ended instead; the message holds what it said.</exception>
    public async Task<Uri> ReadyAsync()
    {
        var ended = _process.WaitForExitAsync();
        await Task.WhenAny(_ready.Task, ended).WaitAsync(Patience);
        return _ready.Task.IsCompletedSuccessfully
            ? await _ready.Task
            : throw new InvalidOperationException($"The host ended with {_process.ExitCode}: {Errors}{Output}");
    }

    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Patience);
        return _process.ExitCode;
    }

    /// <summary>kill -9, and waits until the kernel has done it.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await ExitAsync();
    }

    /// <summary>SIGTERM, as a service manager sends it.</summary>
    public async Task<int> StopAsync()
    {
        // The shell's own: kill as a program is not on every machine.
        using var kill = Process.Start("sh", ["-c", $"kill -TERM {_process.Id}"]);
        await kill.WaitForExitAsync();
        return await ExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private static void Append(StringBuilder text, string? line)
    {
        lock (text)
        {
            text.AppendLine(line);
        }
    }

    private static string Read(StringBuilder text)
    {
        lock (text)
        {
            return text.ToString();
        }
    }

    [GeneratedRegex(@"is ready at (http://\S+)")]
    private static partial Regex ReadyLine();

    [GeneratedRegex("nk_[A-Za-z0-9_-]+")]
    private static partial Regex FirstKey();
}
