namespace NurtureEngine.Host.Scheduling;

/// <summary>Work that waits in the database, taken a piece at a time; any number of hosts may do so side by side.</summary>
internal interface ITurn
{
    string Name { get; }

    /// <summary>Does one piece; true where there may be more at once.</summary>
    Task<bool> RunTurnAsync(CancellationToken cancellationToken);
}
