using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Options;
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
    // Editors write a file in several steps.
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(300);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var folder = Path.GetFullPath(options.Value.WorkflowsFolder);
        if (!Directory.Exists(folder))
        {
            return;
        }

        using var files = new PhysicalFileProvider(folder);
        while (!stoppingToken.IsCancellationRequested && Directory.Exists(folder))
        {
            // Watched before it is read: what changes meanwhile is read again.
            var change = files.Watch("*.json");
            await ReadAsync(folder, stoppingToken);
            var changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            using var registration = change.RegisterChangeCallback(_ => changed.TrySetResult(), state: null);
            await changed.Task.WaitAsync(stoppingToken);
            await Task.Delay(Quiet, machineTime, stoppingToken);
        }
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
