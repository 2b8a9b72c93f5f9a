using Dapper;
using Npgsql;
using NurtureEngine.Core.Cadences;
using NurtureEngine.Core.Contents;
using NurtureEngine.Core.Gates;
using NurtureEngine.Postgres.Leads;
using NurtureEngine.Postgres.Touches;

namespace NurtureEngine.Postgres.Gates;

/// <summary>Reads what the gate must know of a group of touches, in the gate's transaction.</summary>
internal static class GateReader
{
    // Leads that share an address, on whatever channel, share its caps: they are locked together.
    private const string SharingSql = """
        SELECT l.id AS lead, l.id AS other FROM unnest(@leads) AS l (id)
        UNION
        SELECT a.lead_id, s.lead_id FROM lead_address a JOIN lead_address s USING (channel, address) WHERE a.lead_id = ANY(@leads)
        """;

    // A suppression that another writer adds takes the lead's lock too, so this look is as true as the lead.
    private const string SuppressedSql = """
        SELECT a.lead_id, s.reason
          FROM lead_address a
          JOIN suppression s USING (channel, address)
         WHERE a.lead_id = ANY(@leads) AND a.channel = @channel
        """;

    private const string EnrollmentsSql = """
        SELECT DISTINCT e.id, e.track_id, e.track_version_id AS track_version, e.state IN (0, 3, 4) AS is_live,
               e.held_by IS NOT NULL OR t.paused_at IS NOT NULL AS is_paused
          FROM unnest(@leadsOf, @enrollments) AS w (lead_id, id)
          JOIN enrollment e USING (lead_id, id)
          JOIN track t ON t.id = e.track_id
        """;

    private const string DraftsSql = """
        SELECT d.touch_id, d.language, d.subject, d.preheader, d.html, d.text
          FROM draft d
         WHERE d.lead_id = ANY(@leads) AND d.touch_id = ANY(@approved)
        """;

    // Reservations are written under the locks of lead and account, which the gate holds: this look is complete. OFFSET 0 keeps the planner from turning
    // the look at a few leads into one at the whole table, which it does while its statistics are old.
    private const string SentSql = """
        SELECT r.touch_id AS touch, r.lead_id AS lead, r.address, r.account_id AS account, r.track_id AS track, r.at
          FROM unnest(@locked) AS l (id)
         CROSS JOIN LATERAL (SELECT * FROM reservation WHERE lead_id = l.id AND at > @since OFFSET 0) AS r
         UNION ALL
        SELECT r.touch_id, r.lead_id, r.address, r.account_id, r.track_id, r.at
          FROM (SELECT DISTINCT address FROM lead_address WHERE lead_id = ANY(@leads)) AS a
         CROSS JOIN LATERAL (SELECT * FROM reservation WHERE address = a.address AND at > @since OFFSET 0) AS r
         UNION ALL
        SELECT r.touch_id, r.lead_id, r.address, r.account_id, r.track_id, r.at
          FROM (SELECT DISTINCT account_id FROM lead WHERE @ofAccounts AND id = ANY(@leads) AND account_id IS NOT NULL) AS w
         CROSS JOIN LATERAL (SELECT * FROM reservation WHERE account_id = w.account_id AND at > @since OFFSET 0) AS r
        """;

    // Whose address became somebody else's too between the look and the lock.
    private const string UnlockedSql = """
        SELECT a.lead_id
          FROM lead_address a
          JOIN lead_address other USING (channel, address)
         WHERE a.lead_id = ANY(@leads) AND (a.lead_id, other.lead_id) NOT IN (SELECT * FROM unnest(@sharing, @shared))
        """;

    // Whoever stops all sending waits for the gates that are open, and every later one sees it.
    private const string GuardSql = "SELECT pg_advisory_xact_lock_shared(@stopKey)::text";

    private const string HadSql = """
        SELECT DISTINCT t.lead_id, c.key
          FROM touch t
          JOIN content_version c ON c.id = t.content_version_id
         WHERE t.lead_id = ANY(@leads) AND t.state IN ('handing', 'accepted', 'uncertain')
        """;

    // Only what is more urgent than the least urgent of the group can hold one of it up.
    // What waits behind something more urgent still goes before what is less urgent. What has been due for ten minutes is held up by more than its turn, by a
    // channel that is down, perhaps: unless a host has it in hand, it holds up nobody else.
    private const string AboutToLeaveSql = """
        SELECT priority
          FROM touch
         WHERE lead_id = other.id AND state IN ('planned', 'claimed', 'deferred') AND priority > @lowest AND id <> ALL(@ids)
           AND channel = ANY(@channels)
           AND (state = 'claimed' OR due_at BETWEEN @now - interval '10 minutes' AND @now)
           AND (state <> 'deferred' OR code = @behind)
           AND NOT EXISTS (SELECT FROM sending_stop WHERE sending_stop.channel = touch.channel)
        OFFSET 0
        """;

    // Claims go by priority, so most of the time nothing more urgent is left on any channel: one look at that saves the look at every lead. ORDER
    // BY and OFFSET keep the planner to the indexes while its statistics are old.
    private const string AnythingUrgentSql = """
        EXISTS (
            SELECT FROM unnest(@channels) AS c (channel)
             CROSS JOIN generate_series(@lowest + 1, 100) AS rank (priority)
             CROSS JOIN LATERAL (
                SELECT FROM touch
                 WHERE state = 'planned' AND touch.channel = c.channel AND touch.priority = rank.priority
                   AND due_at BETWEEN @now - interval '10 minutes' AND @now
                 ORDER BY due_at
                 LIMIT 1) AS planned)
         OR EXISTS (SELECT FROM (SELECT priority FROM touch WHERE state = 'claimed' OFFSET 0) AS claimed WHERE priority > @lowest)
         OR EXISTS (
            SELECT FROM (SELECT FROM touch WHERE state = 'deferred' AND code = 'priority.behind' AND priority > @lowest OFFSET 0) AS behind)
        """;

    private const string DueSql = $"""
        WITH urgent AS MATERIALIZED (SELECT {AnythingUrgentSql} AS is_due)
        SELECT other.lead, NULL::bigint AS account, max(t.priority) AS priority
          FROM unnest(@sharing, @shared) AS other (lead, id)
         CROSS JOIN LATERAL ({AboutToLeaveSql}) AS t
         WHERE (SELECT is_due FROM urgent)
         GROUP BY other.lead
         UNION ALL
        SELECT NULL, w.account_id, max(t.priority)
          FROM (SELECT DISTINCT account_id FROM lead WHERE @ofAccounts AND id = ANY(@leads) AND account_id IS NOT NULL) AS w
         CROSS JOIN LATERAL (SELECT id FROM lead WHERE account_id = w.account_id OFFSET 0) AS other
         CROSS JOIN LATERAL ({AboutToLeaveSql}) AS t
         WHERE (SELECT is_due FROM urgent)
         GROUP BY w.account_id
        """;

    private const string StoppedSql = "SELECT channel FROM sending_stop";

    private const string GuardAndSharingSql = $"{GuardSql}; {SharingSql}";

    private const string SceneSql =
        $"{UnlockedSql}; {SuppressedSql}; {EnrollmentsSql}; {HadSql}; {DueSql}; {StoppedSql}; {SentSql}; {DraftsSql}";

    /// <summary>Locks accounts and leads, then reads the rest.</summary>
    public static async Task<GateScene> ReadAsync(
        NpgsqlTransaction transaction,
        IReadOnlyList<ClaimedTouch> touches,
        GateLook look,
        CancellationToken cancellationToken
    )
    {
        var leads = touches.Select(touch => touch.LeadId).Distinct().ToArray();
        var sharing = await GuardAsync(transaction, leads, cancellationToken);
        var together = sharing.Select(pair => pair.Other).Distinct().ToArray();
        var locked = await LeadReader.LockWithAccountsAsync(transaction, together, cancellationToken);
        await using var rest = await transaction.QuerySeveralAsync(
            SceneSql,
            new
            {
                leads,
                // A group is of one channel.
                channel = touches[0].Channel,
                locked = together,
                sharing = sharing.ToArray(pair => pair.Lead),
                shared = sharing.ToArray(pair => pair.Other),
                leadsOf = touches.ToArray(touch => touch.LeadId),
                enrollments = touches.ToArray(touch => touch.EnrollmentId),
                approved = touches.Where(touch => touch.IsApproved).Select(touch => touch.Id).ToArray(),
                ids = touches.ToArray(touch => touch.Id),
                lowest = touches.Min(touch => touch.Priority),
                look.Channels,
                behind = Verdict.Wait.Behind,
                look.Now,
                look.Since,
                look.OfAccounts,
            },
            cancellationToken
        );
        // In the order of the statements.
        foreach (var moving in await rest.ReadAsync<long>())
        {
            locked.Remove(moving);
        }

        var suppressed = await rest.ReadAsync<(long Lead, string Reason)>();
        var enrollments = await rest.ReadAsync<PlanningEnrollment>();
        var had = (await rest.ReadAsync<(long Lead, string Key)>()).AsList();
        var contents = new ContentHistory();
        had.ForEach(row => contents.Add(row.Lead, row.Key));
        var due = new DuePriorities();
        foreach (var (lead, account, priority) in await rest.ReadAsync<(long? Lead, long? Account, int Priority)>())
        {
            if (account is { } id)
            {
                due.AddOfAccount(id, priority);
            }
            else
            {
                due.AddOfLead(lead!.Value, priority);
            }
        }

        var stopped = await rest.ReadAsync<string>();
        var history = new TouchHistory();
        foreach (var sent in await rest.ReadAsync<SentRow>())
        {
            history.Add(sent.ToTouch());
        }

        var drafts = await rest.ReadAsync<DraftRow>();
        return new GateScene(
            locked,
            sharing.ToLookup(pair => pair.Lead, pair => pair.Other),
            suppressed.ToDictionary(row => row.Lead, row => row.Reason),
            enrollments.ToDictionary(enrollment => enrollment.Id),
            drafts.ToDictionary(row => row.TouchId, row => row.ToEmail()),
            history,
            contents,
            due,
            stopped.ToHashSet(StringComparer.Ordinal)
        );
    }

    private static async Task<List<(long Lead, long Other)>> GuardAsync(
        NpgsqlTransaction transaction,
        long[] leads,
        CancellationToken cancellationToken
    )
    {
        await using var answers = await transaction.QuerySeveralAsync(
            GuardAndSharingSql,
            new { leads, stopKey = AdvisoryLock.SendingStop },
            cancellationToken
        );
        await answers.ReadAsync<string>();
        return (await answers.ReadAsync<(long Lead, long Other)>()).AsList();
    }

    private sealed record SentRow
    {
        public Guid Touch { get; init; }
        public long Lead { get; init; }
        public string Address { get; init; } = "";
        public long? Account { get; init; }
        public int Track { get; init; }
        public DateTimeOffset At { get; init; }

        public SentTouch ToTouch() => new(Touch, Lead, Address, Account, new PastTouch(At, Track));
    }

    private sealed record DraftRow
    {
        public Guid TouchId { get; init; }
        public string Language { get; init; } = "";
        public string Subject { get; init; } = "";
        public string Preheader { get; init; } = "";
        public string Html { get; init; } = "";
        public string? Text { get; init; }

        public RenderedEmail ToEmail() => new(Language, Subject, Preheader, Html, Text);
    }
}
