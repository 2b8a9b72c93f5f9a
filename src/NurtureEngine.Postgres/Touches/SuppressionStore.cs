using Npgsql;
using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Leads.Consents;

namespace NurtureEngine.Postgres.Touches;

/// <summary>Addresses to which nothing is sent: why, and a person's word that a bounce was a mistake.</summary>
public sealed class SuppressionStore(NpgsqlDataSource database)
{
    private const string FindSql =
        "SELECT channel, address, reason, evidence, at FROM suppression WHERE channel = @channel AND address = @identity";

    // What the lead has said is not lifted by anybody else.
    private const string LiftSql = """
        WITH lifted AS MATERIALIZED (
            SELECT channel, address, reason, refusal, evidence, at
              FROM suppression
             WHERE channel = @channel AND address = @identity AND reason = @bounced
               FOR UPDATE),
        refused AS (
            UPDATE suppression s SET reason = l.refusal, evidence = NULL
              FROM lifted l
             WHERE s.channel = l.channel AND s.address = l.address AND l.refusal IS NOT NULL),
        gone AS (
            DELETE FROM suppression s USING lifted l WHERE s.channel = l.channel AND s.address = l.address AND l.refusal IS NULL),
        forgotten AS (
            DELETE FROM soft_bounce b USING lifted l WHERE b.channel = l.channel AND b.address = l.address)
        INSERT INTO suppression_lift (channel, address, reason, evidence, suppressed_at, note, lifted_by, lifted_at)
        SELECT channel, address, reason, evidence, at, @note, @by, @now FROM lifted
        """;

    /// <summary>The suppression of an address in whatever spelling; null where there is none.</summary>
    public async Task<SuppressedAddress?> FindAsync(
        string channel,
        string address,
        CancellationToken cancellationToken
    ) =>
        (
            await database.QueryAsync<SuppressedAddress>(
                FindSql,
                new { channel, identity = EmailAddress.Identity(address) },
                cancellationToken
            )
        ).SingleOrDefault();

    /// <summary>Lifts a suppression that a bounce has made; false where there is none. <paramref name="by"/> names the API key.</summary>
    public async Task<bool> LiftAsync(
        string channel,
        string address,
        string note,
        string by,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) =>
        await database.ExecuteAsync(
            LiftSql,
            new
            {
                channel,
                identity = EmailAddress.Identity(address),
                bounced = SuppressionReason.Bounced,
                note,
                by,
                now,
            },
            cancellationToken
        ) > 0;
}

/// <summary>An address to which nothing is sent.</summary>
public sealed record SuppressedAddress
{
    public string Channel { get; init; } = "";

    /// <summary>As suppression knows it, whatever the spelling.</summary>
    public string Address { get; init; } = "";

    /// <summary><c>bounced</c>, <c>complained</c> or <c>unsubscribed</c>.</summary>
    public string Reason { get; init; } = "";

    /// <summary>What the mail system said; null where it is not known.</summary>
    public string? Evidence { get; init; }

    /// <summary>Since when; business time.</summary>
    public DateTimeOffset At { get; init; }
}
