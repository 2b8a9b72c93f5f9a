namespace NurtureEngine.Host.Scheduling.Jobs;

/// <summary>
/// What the pages show of a job that failed: the kind of the error, since the error itself may quote what people have written. All of it is in the log.
/// </summary>
public sealed class JobFailedException(Exception cause)
    : Exception($"{cause.GetType().Name}; the host's log has all of it (event {EventId}).")
{
    internal const int EventId = 4006;

    // The trace is in the log, with the error.
    public override string? StackTrace => null;
}
