using Npgsql;

namespace NurtureEngine.Host.Storage;

/// <summary>Tells failures of the database's availability, which pass, from those of what was asked of it.</summary>
internal static class Outage
{
    /// <summary>Whether the same may go well in a moment: the server is away, starting, stopping, full or was in somebody's way.</summary>
    public static bool Is(Exception exception) =>
        exception switch
        {
            PostgresException postgres => postgres.IsTransient
                || postgres.SqlState
                    is PostgresErrorCodes.DiskFull
                        or PostgresErrorCodes.AdminShutdown
                        or PostgresErrorCodes.CrashShutdown
                        or PostgresErrorCodes.CannotConnectNow,
            NpgsqlException or TimeoutException => true,
            _ => false,
        };

    /// <summary>Whether the values themselves can't be stored, such as a text that no index takes: trying again is no use.</summary>
    public static bool IsHopeless(Exception exception) =>
        exception is InvalidDataException
        || exception is PostgresException { SqlState: var state }
            && (
                state.StartsWith("22", StringComparison.Ordinal)
                || state.StartsWith("23", StringComparison.Ordinal)
                || state.StartsWith("54", StringComparison.Ordinal)
            );
}
