using Npgsql;
using NurtureEngine.Core.Gates;
using NurtureEngine.Core.Touches;
using NurtureEngine.Postgres.Touches;

namespace NurtureEngine.Postgres.Gates;

/// <summary>Writes the gate's verdicts, with reservations and messages of what leaves, drafts and tasks of what a person must see.</summary>
internal sealed class GateWriter(NpgsqlTransaction transaction, Guid lease, DateTimeOffset now)
{
    // What the gate could not judge now (another version, a lead on the move) it is asked about again.
    private static readonly TimeSpan BeforeAskingAgain = TimeSpan.FromSeconds(10);

    // What is more urgent has left by then, or been turned away.
    private static readonly TimeSpan WhileBehind = TimeSpan.FromSeconds(5);

    // Who resumes gives it back; this is for a resumption that the gate did not see.
    private static readonly TimeSpan WhileHeld = TimeSpan.FromMinutes(10);

    // One statement, since a group is small and each statement has to be planned. A touch that is only asked about again leaves no entry: it may be, every few seconds, for hours.
    // Guarded by state and lease: a touch whose lease ran out, or that was cancelled meanwhile, is no longer ours.
    private const string GateSql = """
        WITH gated AS (
            UPDATE touch
               SET state = w.state, code = w.code, argument = w.argument, hold_until = w.hold_until,
                   lease = CASE WHEN w.state = 'handing' THEN touch.lease END,
                   retry_at = CASE WHEN w.state = 'deferred' THEN clock_timestamp() + w.wait END,
                   leased_until = CASE WHEN w.state = 'handing' THEN clock_timestamp() + @hold END,
                   due_at = COALESCE(w.moves_to, touch.due_at),
                   -- What waits for a yes has none, whatever it had before another content took its place.
                   approved_at = CASE WHEN w.state <> 'awaiting_approval' THEN touch.approved_at END,
                   approved_by = CASE WHEN w.state <> 'awaiting_approval' THEN touch.approved_by END,
                   content_version_id = COALESCE(w.content_version, touch.content_version_id),
                   settled_at = CASE WHEN w.state IN ('skipped', 'cancelled') THEN @now END
              FROM unnest(@leads, @ids, @states, @codes, @arguments, @holdUntil, @waits, @movesTo, @contentVersions)
                   AS w (lead_id, id, state, code, argument, hold_until, wait, moves_to, content_version)
             WHERE touch.lead_id = w.lead_id AND touch.id = w.id AND touch.state = 'claimed' AND touch.lease = @lease
            RETURNING touch.lead_id, touch.id, touch.enrollment_id, touch.step, touch.state, touch.code, touch.argument),
        events AS (
            INSERT INTO touch_event (recorded_at, lead_id, touch_id, state, code, argument)
            SELECT @now, lead_id, id, state, code, argument FROM gated WHERE state <> 'deferred'),
        verdicts AS (
            INSERT INTO ledger (recorded_at, lead_id, enrollment_id, touch_id, step, code, argument, rulebook)
            SELECT @now, lead_id, enrollment_id, id, step, code, argument, @rulebook FROM gated WHERE state <> 'deferred'),
        -- The key makes one touch count once, however often it was tried.
        reserved AS (
            INSERT INTO reservation (lead_id, touch_id, account_id, address, track_id, at)
            SELECT gated.lead_id, gated.id, r.account_id, r.address, r.track_id, @now
              FROM unnest(@reserved, @accounts, @addresses, @tracks) AS r (id, account_id, address, track_id)
              JOIN gated USING (id)
            ON CONFLICT (lead_id, touch_id) DO UPDATE
               SET account_id = excluded.account_id, address = excluded.address, at = excluded.at),
        kept AS (
            INSERT INTO message (recorded_at, lead_id, touch_id, recipient, body, links)
            SELECT @now, gated.lead_id, gated.id, m.recipient, m.body, string_to_array(m.links, chr(10))
              FROM unnest(@kept, @recipients, @bodies, @links) AS m (id, recipient, body, links)
              JOIN gated USING (id)
            ON CONFLICT (lead_id, touch_id, recorded_at) DO UPDATE
               SET recipient = excluded.recipient, body = excluded.body, links = excluded.links)
        SELECT id FROM gated
        """;

    private const string DraftsSql = """
        INSERT INTO draft (lead_id, touch_id, language, subject, preheader, html, text, created_at)
        SELECT *, @now FROM unnest(@leads, @ids, @languages, @subjects, @preheaders, @htmls, @texts)
        ON CONFLICT (lead_id, touch_id) DO UPDATE
           SET language = excluded.language, subject = excluded.subject, preheader = excluded.preheader,
               html = excluded.html, text = excluded.text, created_at = excluded.created_at
        """;

    private const string TasksSql = """
        INSERT INTO task (lead_id, id, enrollment_id, kind, created_at)
        SELECT lead_id, id, touch.enrollment_id, 'bespoke_email', @now
          FROM unnest(@leads, @ids) AS w (lead_id, id) JOIN touch USING (lead_id, id)
        ON CONFLICT (lead_id, id) DO NOTHING
        """;

    /// <summary>The touches that this host now hands over.</summary>
    public async Task<IReadOnlySet<Guid>> WriteAsync(
        IReadOnlyList<GatedTouch> gated,
        TimeSpan hold,
        int rulebook,
        CancellationToken cancellationToken
    )
    {
        await EnrollmentWake.WakeAsync(
            transaction,
            [.. gated.Where(touch => touch.IsSettled).Select(touch => touch.Touch.Id)],
            now,
            cancellationToken
        );
        var ours = await TurnAsync(gated, hold, rulebook, cancellationToken);
        var leaving = ours.FindAll(touch => touch.State == TouchState.Handing);
        await DraftAsync(ours.FindAll(touch => touch.Draft is not null), cancellationToken);
        await AskPeopleAsync(ours.FindAll(touch => touch.MakesTask), cancellationToken);
        return leaving.Select(touch => touch.Touch.Id).ToHashSet();
    }

    private async Task<List<GatedTouch>> TurnAsync(
        IReadOnlyList<GatedTouch> gated,
        TimeSpan hold,
        int rulebook,
        CancellationToken cancellationToken
    )
    {
        var reserved = gated.Where(touch => touch.Reservation is not null).ToList();
        var kept = gated.Where(touch => touch.Message is not null).ToList();
        var mine = (
            await transaction.QueryAsync<Guid>(
                GateSql,
                new
                {
                    leads = gated.ToArray(touch => touch.Touch.LeadId),
                    ids = gated.ToArray(touch => touch.Touch.Id),
                    states = gated.ToArray(touch => touch.State),
                    codes = gated.ToArray(touch => touch.Code),
                    arguments = gated.ToArray(touch => touch.Argument),
                    holdUntil = gated.ToArray(touch => touch.HoldUntil),
                    waits = gated.ToArray(WaitOf),
                    movesTo = gated.ToArray(touch => touch.MovesTo),
                    contentVersions = gated.ToArray(touch => touch.ContentVersion),
                    reserved = reserved.ToArray(touch => touch.Touch.Id),
                    accounts = reserved.ToArray(touch => touch.Reservation!.Account),
                    addresses = reserved.ToArray(touch => touch.Reservation!.Address),
                    tracks = reserved.ToArray(touch => touch.Reservation!.Track),
                    kept = kept.ToArray(touch => touch.Touch.Id),
                    recipients = kept.ToArray(touch => touch.Message!.Recipient),
                    bodies = kept.ToArray(touch => touch.Message!.Body),
                    links = kept.ToArray(touch => string.Join('\n', touch.Message!.Links)),
                    hold,
                    lease,
                    now,
                    rulebook,
                },
                cancellationToken
            )
        ).ToHashSet();
        return [.. gated.Where(touch => mine.Contains(touch.Touch.Id))];
    }

    private static TimeSpan WaitOf(GatedTouch touch) =>
        touch.IsHeld ? WhileHeld
        : touch.Code == Verdict.Wait.Behind ? WhileBehind
        : BeforeAskingAgain;

    private Task DraftAsync(List<GatedTouch> rows, CancellationToken cancellationToken) =>
        rows.Count == 0
            ? Task.CompletedTask
            : transaction.ExecuteAsync(
                DraftsSql,
                new
                {
                    leads = rows.ToArray(row => row.Touch.LeadId),
                    ids = rows.ToArray(row => row.Touch.Id),
                    languages = rows.ToArray(row => row.Draft!.Language),
                    subjects = rows.ToArray(row => row.Draft!.Subject),
                    preheaders = rows.ToArray(row => row.Draft!.Preheader),
                    htmls = rows.ToArray(row => row.Draft!.Html),
                    texts = rows.ToArray(row => row.Draft!.Text),
                    now,
                },
                cancellationToken
            );

    private Task AskPeopleAsync(List<GatedTouch> rows, CancellationToken cancellationToken) =>
        rows.Count == 0
            ? Task.CompletedTask
            : transaction.ExecuteAsync(
                TasksSql,
                new
                {
                    leads = rows.ToArray(row => row.Touch.LeadId),
                    ids = rows.ToArray(row => row.Touch.Id),
                    now,
                },
                cancellationToken
            );
}
