using Hangfire;
using NurtureEngine.Host.Storage;

namespace NurtureEngine.Host.Scheduling.Jobs;

/// <summary>Does a duty, as Hangfire calls it. One that fails is done again when the calendar calls for it next.</summary>
[AutomaticRetry(Attempts = 0, LogEvents = false)]
internal sealed partial class DutyJob(IEnumerable<Duty> duties, SchemaFence fence, ILogger<DutyJob> logger)
{
    /// <summary>Takes turns until there is nothing more to do. A duty that this program does not know, as of a newer one, is left alone.</summary>
    public async Task RunAsync(string duty, CancellationToken cancellationToken)
    {
        if (duties.FirstOrDefault(known => known.Name == duty) is not { } found)
        {
            return;
        }

        try
        {
            while (!fence.IsClosed && await found.Turn.RunTurnAsync(cancellationToken))
            {
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogFailed(exception, duty);
            throw new JobFailedException(exception);
        }
    }

    [LoggerMessage(EventId = JobFailedException.EventId, Level = LogLevel.Error, Message = "The duty {Duty} failed")]
    private partial void LogFailed(Exception exception, string duty);
}
