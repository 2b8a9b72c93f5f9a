using System.Net.Sockets;
using Npgsql;

namespace NurtureEngine.Host.Storage;

/// <summary>What a look at the private server's socket shows.</summary>
internal enum ServerLook
{
    /// <summary>Nobody listens: a server may be started.</summary>
    Absent,

    /// <summary>Somebody listens and takes no connections now: starting, recovering after a crash, stopping, or overloaded.</summary>
    Busy,

    /// <summary>It takes connections.</summary>
    Ready,
}

/// <summary>The one sign of a server that can be trusted from everywhere: whether somebody listens on its socket.</summary>
internal static class ServerSocket
{
    public static async Task<ServerLook> LookAsync(
        string folder,
        string connectionString,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false;Timeout=2");
            await connection.OpenAsync(cancellationToken);
            return ServerLook.Ready;
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.TooManyConnections)
        {
            return ServerLook.Ready;
        }
        catch (NpgsqlException exception)
        {
            // A full queue of a stopped or overloaded server, or a time-out, is no refusal.
            var isRefused =
                exception.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused };
            return isRefused || !File.Exists(Path.Combine(folder, ".s.PGSQL.5432"))
                ? ServerLook.Absent
                : ServerLook.Busy;
        }
    }
}
