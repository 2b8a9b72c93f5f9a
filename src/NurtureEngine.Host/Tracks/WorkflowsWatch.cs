using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using NurtureEngine.Host.Configuration;
using NurtureEngine.Host.Scheduling;

namespace NurtureEngine.Host.Tracks;

/// <summary>
/// Reads the folder of definitions again whenever a file in it changes, so that whoever writes tracks as files sees them at once. With the private
/// database only: other installations change their files by deploying.
/// </summary>
internal sealed partial class WorkflowsWatch(
    IOptions<NurtureOptions> options,
    FolderImport folders,
    WorkSignal signal,
    [FromKeyedServices(Clocks.Business)] TimeProvider business,
    TimeProvider machineTime,
    ILogger<WorkflowsWatch> logger
) : BackgroundService
{
    private const string Pattern = "*.json";

    // Editors write a file in several steps.
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(300);

    private PhysicalFileProvider? _files;
    private IChangeToken? _change;

    private string Folder => Path.GetFullPath(options.Value.WorkflowsFolder);

    // The start has just read the folder: from here on, no change is missed.
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        if (Directory.Exists(Folder))
        {
            _files = new PhysicalFileProvider(Folder);
            _change = _files.Watch(Pattern);
        }

        return base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        _files?.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (_files is not null && _change is not null)
        {
            await ChangeAsync(_change, stoppingToken);
            await Task.Delay(Quiet, machineTime, stoppingToken);
            // Watched before it is read: what changes meanwhile is read again.
            _change = _files.Watch(Pattern);
            await ReadAsync(Folder, stoppingToken);
        }
    }

    private static async Task ChangeAsync(IChangeToken change, CancellationToken stoppingToken)
    {
        var changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = change.RegisterChangeCallback(_ => changed.TrySetResult(), state: null);
        await changed.Task.WaitAsync(stoppingToken);
    }

    private async Task ReadAsync(string folder, CancellationToken stoppingToken)
    {
        try
        {
            var published = await folders.ImportTracksAsync(folder, [], business.GetUtcNow(), stoppingToken);
            if (published.Count > 0)
            {
                signal.Raise();
            }
        }
#pragma warning disable CA1031 // What can't be read now is read with the next change; the host goes on.
        catch (Exception exception) when (exception is not OperationCanceledException)
#pragma warning restore CA1031
        {
            LogFailed(exception, folder);
        }
    }

    [LoggerMessage(
        EventId = 2107,
        Level = LogLevel.Warning,
        Message = "The definitions in {Folder} could not be read again"
    )]
    private partial void LogFailed(Exception exception, string folder);
}
