using Npgsql;

namespace NurtureEngine.Postgres;

/// <summary>
/// Locks by number, held until the transaction ends. They are taken in a statement of their own: a statement that waited for
/// one still sees the database as it was before the wait.
/// </summary>
internal static class AdvisoryLock
{
    public const long FirstKey = 5_641_829_377_402_312;
    public const long Rulebook = 5_641_829_377_402_313;
    public const long Content = 5_641_829_377_402_314;
    public const long SendingStop = 5_641_829_377_402_316;
    public const long FirstPerson = 5_641_829_377_402_317;
    public const long ProtectionKey = 5_641_829_377_402_318;
    public const long LinkKey = 5_641_829_377_402_315;

    public static Task TakeAsync(NpgsqlTransaction transaction, long key, CancellationToken cancellationToken) =>
        transaction.ExecuteAsync("SELECT pg_advisory_xact_lock(@key)", new { key }, cancellationToken);
}
