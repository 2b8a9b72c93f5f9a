using Npgsql;
using NurtureEngine.Core.Cadences;
using NurtureEngine.Core.Contents;
using NurtureEngine.Core.Gates;
using NurtureEngine.Postgres.Leads;

namespace NurtureEngine.Postgres.Touches;

/// <summary>Reads what the gate must know of a group of touches, in the gate's transaction.</summary>
internal static class GateReader
{
    // Leads that share an address share its caps: they are locked together.
    private const string SharingSql = """
        SELECT l.id FROM unnest(@leads) AS l (id)
        UNION
        SELECT other.id FROM lead l JOIN lead other ON other.address = l.address WHERE l.id = ANY(@leads)
        """;

    // A suppression that another writer adds takes the lead's lock too, so this look is as true as the lead.
    private const string SuppressedSql = """
        SELECT l.id, s.reason
          FROM lead l
          JOIN suppression s ON s.address = l.address AND s.channel = 'email'
         WHERE l.id = ANY(@leads)
        """;

    private const string EnrollmentsSql = """
        SELECT DISTINCT e.id, e.track_id, e.track_version_id AS track_version, e.state IN (0, 3, 4) AS is_live,
               e.held_by IS NOT NULL OR t.paused_at IS NOT NULL AS is_paused
          FROM unnest(@leads, @enrollments) AS w (lead_id, id)
          JOIN enrollment e USING (lead_id, id)
          JOIN track t ON t.id = e.track_id
        """;

    private const string DraftsSql = """
        SELECT d.touch_id, d.language, d.subject, d.preheader, d.html, d.text
          FROM unnest(@leads, @touches) AS w (lead_id, touch_id)
          JOIN draft d USING (lead_id, touch_id)
        """;

    // Reservations are written under the locks of lead and account, which the gate holds: this look is complete.
    private const string ByAddressSql = """
        SELECT r.address, r.track_id, r.at
          FROM reservation r
         WHERE r.address IN (SELECT address FROM lead WHERE id = ANY(@leads)) AND r.at > @since
        """;

    private const string ByAccountSql = """
        SELECT r.account_id, r.track_id, r.at
          FROM reservation r
         WHERE r.account_id IN (SELECT account_id FROM lead WHERE id = ANY(@leads)) AND r.at > @since
        """;

    private const string HadSql = """
        SELECT DISTINCT t.lead_id, c.key
          FROM touch t
          JOIN content_version c ON c.id = t.content_version_id
         WHERE t.lead_id = ANY(@leads) AND t.state IN ('handing', 'accepted', 'uncertain')
        """;

    private const string StoppedSql = "SELECT channel FROM sending_stop";

    /// <summary>Locks accounts and leads, then reads the rest.</summary>
    /// <param name="transaction">The gate's.</param>
    /// <param name="touches">The group.</param>
    /// <param name="since">Before which nothing counts any more, business time.</param>
    /// <param name="ofAccounts">Whether anything counts what was sent to accounts.</param>
    /// <param name="cancellationToken">Stops the look.</param>
    public static async Task<GateScene> ReadAsync(
        NpgsqlTransaction transaction,
        IReadOnlyList<ClaimedTouch> touches,
        DateTimeOffset since,
        bool ofAccounts,
        CancellationToken cancellationToken
    )
    {
        var leads = touches.Select(touch => touch.LeadId).Distinct().ToArray();
        var sharing = await transaction.QueryAsync<long>(SharingSql, new { leads }, cancellationToken);
        var locked = await LeadReader.LockWithAccountsAsync(transaction, [.. sharing], cancellationToken);
        var suppressed = await transaction.QueryAsync<(long Id, string Reason)>(
            SuppressedSql,
            new { leads },
            cancellationToken
        );
        var enrollments = await transaction.QueryAsync<PlanningEnrollment>(
            EnrollmentsSql,
            new
            {
                leads = touches.ToArray(touch => touch.LeadId),
                enrollments = touches.ToArray(touch => touch.EnrollmentId),
            },
            cancellationToken
        );
        var had = await transaction.QueryAsync<(long Lead, string Key)>(HadSql, new { leads }, cancellationToken);
        return new GateScene(
            locked,
            suppressed.ToDictionary(row => row.Id, row => row.Reason),
            enrollments.ToDictionary(enrollment => enrollment.Id),
            await DraftsAsync(transaction, touches, cancellationToken),
            await HistoryAsync(transaction, leads, since, ofAccounts, cancellationToken),
            had.GroupBy(row => row.Lead)
                .ToDictionary(rows => rows.Key, rows => rows.Select(row => row.Key).ToHashSet(StringComparer.Ordinal)),
            (await transaction.QueryAsync<string>(StoppedSql, new { }, cancellationToken)).ToHashSet(
                StringComparer.Ordinal
            )
        );
    }

    private static async Task<TouchHistory> HistoryAsync(
        NpgsqlTransaction transaction,
        long[] leads,
        DateTimeOffset since,
        bool ofAccounts,
        CancellationToken cancellationToken
    )
    {
        var history = new TouchHistory();
        var parameters = new { leads, since };
        foreach (
            var (address, track, at) in await transaction.QueryAsync<(string, int, DateTimeOffset)>(
                ByAddressSql,
                parameters,
                cancellationToken
            )
        )
        {
            history.AddOfLead(address, new PastTouch(at, track));
        }

        if (ofAccounts)
        {
            foreach (
                var (account, track, at) in await transaction.QueryAsync<(long, int, DateTimeOffset)>(
                    ByAccountSql,
                    parameters,
                    cancellationToken
                )
            )
            {
                history.AddOfAccount(account, new PastTouch(at, track));
            }
        }

        return history;
    }

    private static async Task<Dictionary<Guid, RenderedEmail>> DraftsAsync(
        NpgsqlTransaction transaction,
        IReadOnlyList<ClaimedTouch> touches,
        CancellationToken cancellationToken
    )
    {
        var approved = touches.Where(touch => touch.IsApproved).ToList();
        return approved.Count == 0
            ? []
            : (
                await transaction.QueryAsync<DraftRow>(
                    DraftsSql,
                    new
                    {
                        leads = approved.ToArray(touch => touch.LeadId),
                        touches = approved.ToArray(touch => touch.Id),
                    },
                    cancellationToken
                )
            ).ToDictionary(
                row => row.TouchId,
                row => new RenderedEmail(row.Language, row.Subject, row.Preheader, row.Html, row.Text)
            );
    }

    private sealed record DraftRow
    {
        public Guid TouchId { get; init; }
        public string Language { get; init; } = "";
        public string Subject { get; init; } = "";
        public string Preheader { get; init; } = "";
        public string Html { get; init; } = "";
        public string? Text { get; init; }
    }
}
