using Npgsql;
using NurtureEngine.Core.Touches;

namespace NurtureEngine.Postgres.Touches;

/// <summary>Writes the gate's verdicts, drafts and tasks.</summary>
internal sealed class GateWriter(NpgsqlTransaction transaction, Guid lease, DateTimeOffset now)
{
    // What the gate could not judge now (another version, a lead on the move) it is asked about again.
    private static readonly TimeSpan BeforeAskingAgain = TimeSpan.FromSeconds(10);

    // Who resumes gives it back; this is for a resumption that the gate did not see.
    private static readonly TimeSpan InPause = TimeSpan.FromMinutes(10);

    // A touch that is only asked about again leaves no entry: it may be, every few seconds, for hours.
    // Guarded by state and lease: a touch whose lease ran out, or that was cancelled meanwhile, is no longer ours.
    private const string GateSql = """
        WITH gated AS (
            UPDATE touch
               SET state = w.state, code = w.code, argument = w.argument, hold_until = w.hold_until,
                   lease = CASE WHEN w.state = 'handing' THEN touch.lease END,
                   retry_at = CASE WHEN w.state = 'deferred' THEN clock_timestamp() + w.wait END,
                   leased_until = CASE WHEN w.state = 'handing' THEN clock_timestamp() + @hold END,
                   settled_at = CASE WHEN w.state IN ('skipped', 'cancelled') THEN @now END
              FROM unnest(@leads, @ids, @states, @codes, @arguments, @holdUntil, @waits)
                   AS w (lead_id, id, state, code, argument, hold_until, wait)
             WHERE touch.lead_id = w.lead_id AND touch.id = w.id AND touch.state = 'claimed' AND touch.lease = @lease
            RETURNING touch.lead_id, touch.id, touch.enrollment_id, touch.step, touch.state, touch.code, touch.argument),
        events AS (
            INSERT INTO touch_event (recorded_at, lead_id, touch_id, state, code, argument)
            SELECT @now, lead_id, id, state, code, argument FROM gated WHERE state <> 'deferred'),
        verdicts AS (
            INSERT INTO ledger (recorded_at, lead_id, enrollment_id, touch_id, step, code, argument, rulebook)
            SELECT @now, lead_id, enrollment_id, id, step, code, argument, @rulebook FROM gated WHERE state <> 'deferred')
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
                    hold,
                    waits = gated.ToArray(touch => touch.IsPaused ? InPause : BeforeAskingAgain),
                    lease,
                    now,
                    rulebook,
                },
                cancellationToken
            )
        ).ToHashSet();
        await WriteDraftsAsync(
            [.. gated.Where(touch => touch.Draft is not null && mine.Contains(touch.Touch.Id))],
            cancellationToken
        );
        await WriteTasksAsync(
            [.. gated.Where(touch => touch.MakesTask && mine.Contains(touch.Touch.Id))],
            cancellationToken
        );
        return gated
            .Where(touch => touch.State == TouchState.Handing)
            .Select(touch => touch.Touch.Id)
            .Where(mine.Contains)
            .ToHashSet();
    }

    private Task WriteDraftsAsync(List<GatedTouch> rows, CancellationToken cancellationToken) =>
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

    private Task WriteTasksAsync(List<GatedTouch> rows, CancellationToken cancellationToken) =>
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
