using Npgsql;

namespace NurtureEngine.Postgres;

/// <summary>
/// Tells the other hosts on the database that there is work (<c>NOTIFY</c>). A hint that may be lost: what is due is in the
/// tables. Told after the commit and outside of it, since a transaction that notifies takes a lock that all others share.
/// </summary>
public sealed class WorkChannel(NpgsqlDataSource database)
{
    private const string TellSql = "SELECT pg_notify('nurture_work', @from)";
    private const string ListenSql = "LISTEN nurture_work";
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(30);
    private readonly string _self = $"{Guid.NewGuid():N}";

    public Task TellAsync(CancellationToken cancellationToken) =>
        database.ExecuteAsync(TellSql, new { from = _self }, cancellationToken);

    /// <summary>Listens on a connection of its own until cancelled, or until the connection fails, which throws.</summary>
    public async Task ListenAsync(Action told, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        connection.Notification += (_, notification) =>
        {
            if (notification.Payload != _self)
            {
                told();
            }
        };
        await using (var command = new NpgsqlCommand(ListenSql, connection))
        {
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        while (true)
        {
            // A connection that nothing is heard of may be dead, or cut by what stands between.
            if (!await connection.WaitAsync(KeepAlive, cancellationToken))
            {
                await using var ask = new NpgsqlCommand("SELECT 1", connection);
                await ask.ExecuteNonQueryAsync(cancellationToken);
            }
        }
    }
}
