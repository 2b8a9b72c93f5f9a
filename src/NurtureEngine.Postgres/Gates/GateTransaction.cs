using Npgsql;
using NurtureEngine.Postgres.Touches;

namespace NurtureEngine.Postgres.Gates;

/// <summary>
/// The gate's transaction: accounts and leads are locked in that order, so that consent, suppression, tier and what was sent before
/// stay true until the verdicts are committed. What passes is <c>handing</c>, and reserved, from the commit on.
/// </summary>
public sealed class GateTransaction : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;
    private readonly Guid _lease;
    private readonly DateTimeOffset _now;

    private GateTransaction(NpgsqlConnection connection, NpgsqlTransaction transaction, Guid lease, DateTimeOffset now)
    {
        (_connection, _transaction, _lease, _now) = (connection, transaction, lease, now);
    }

    /// <summary>What the gate knows.</summary>
    public GateScene Scene { get; private set; } = null!;

    internal static async Task<GateTransaction> OpenAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        IReadOnlyList<ClaimedTouch> touches,
        GateLook look,
        Guid lease,
        CancellationToken cancellationToken
    ) =>
        new(connection, transaction, lease, look.Now)
        {
            Scene = await GateReader.ReadAsync(transaction, touches, look, cancellationToken),
        };

    /// <summary>Writes the verdicts and commits; the touches that are in hand from now on are the answer.</summary>
    public async Task<IReadOnlySet<Guid>> CommitAsync(
        IReadOnlyList<GatedTouch> gated,
        TimeSpan hold,
        int rulebook,
        CancellationToken cancellationToken
    )
    {
        var handing = await new GateWriter(_transaction, _lease, _now).WriteAsync(
            gated,
            hold,
            rulebook,
            cancellationToken
        );
        Waypoints.Pass("gate.committing");
        // A commit that is given up half-way may have happened, and would leave as uncertain what nobody sent.
        cancellationToken.ThrowIfCancellationRequested();
        await _transaction.CommitAsync(CancellationToken.None);
        Waypoints.Pass("gate.committed");
        return handing;
    }

    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await _connection.DisposeAsync();
    }
}

/// <summary>
/// How the gate looks: at which moment (business time), how far back caps count, whether anything counts what accounts were sent, and by which
/// channels touches leave.
/// </summary>
public sealed record GateLook(DateTimeOffset Now, DateTimeOffset Since, bool OfAccounts, string[] Channels);
