using Npgsql;
using NurtureEngine.Core.Channels;
using NurtureEngine.Core.Facts;
using NurtureEngine.Core.Intake;
using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Tracks;
using NurtureEngine.Postgres.Leads;
using NurtureEngine.Postgres.Tracks;

namespace NurtureEngine.Postgres.Facts;

/// <summary>
/// Makes one lead of several, whose rows are locked: names, enrollments with their touches, reservations, consent and history go to the
/// one who stays. The others keep their rows, which say where they ended.
/// </summary>
internal sealed class MergeWriter(NpgsqlTransaction transaction, ChannelSet channels, DateTimeOffset now)
{
    // A name that nobody had is one of the lead from now on, so that what comes under it later finds its way.
    private const string NamesSql = """
        INSERT INTO lead_identity (source, external_id, lead_id, kind)
        SELECT source, external_id, @stays, 1 FROM unnest(@sources, @externalIds) AS w (source, external_id) ORDER BY source, external_id
            ON CONFLICT DO NOTHING
        """;

    // A claimed touch is let go of: who claimed it knows it under another lead. One in hand keeps its lease, by which its answer finds it.
    private const string MoveSql = """
        UPDATE lead_identity SET lead_id = @stays, kind = 1 WHERE lead_id = ANY(@gone);
        UPDATE touch SET state = 'planned', lease = NULL, leased_until = NULL WHERE lead_id = ANY(@gone) AND state = 'claimed';
        UPDATE enrollment SET lead_id = @stays WHERE lead_id = ANY(@gone);
        INSERT INTO occasion (lead_id, track_id, key, cause, enrollment_id, at)
        SELECT @stays, track_id, key, cause, enrollment_id, at FROM occasion WHERE lead_id = ANY(@gone)
            ON CONFLICT DO NOTHING;
        DELETE FROM occasion WHERE lead_id = ANY(@gone);
        UPDATE signal SET lead_id = @stays WHERE lead_id = ANY(@gone);
        UPDATE draft SET lead_id = @stays WHERE lead_id = ANY(@gone);
        UPDATE task SET lead_id = @stays WHERE lead_id = ANY(@gone);
        UPDATE handoff SET lead_id = @stays WHERE lead_id = ANY(@gone);
        UPDATE outbox SET lead_id = @stays WHERE lead_id = ANY(@gone);
        UPDATE reservation SET lead_id = @stays WHERE lead_id = ANY(@gone);
        UPDATE message SET lead_id = @stays WHERE lead_id = ANY(@gone);
        UPDATE development_inbox SET lead_id = @stays WHERE lead_id = ANY(@gone);
        UPDATE timeline SET lead_id = @stays WHERE lead_id = ANY(@gone);
        UPDATE touch_event SET lead_id = @stays WHERE lead_id = ANY(@gone);
        UPDATE stage_move SET lead_id = @stays WHERE lead_id = ANY(@gone);
        DELETE FROM lead_stage WHERE lead_id = ANY(@gone);
        DELETE FROM lead_date WHERE lead_id = ANY(@gone);
        DELETE FROM consent WHERE lead_id = ANY(@gone);
        DELETE FROM lead_address WHERE lead_id = ANY(@gone);
        UPDATE lead SET merged_into = @stays WHERE merged_into = ANY(@gone);
        UPDATE lead stays
           SET paused_at = COALESCE(stays.paused_at, (SELECT min(paused_at) FROM lead WHERE id = ANY(@gone)))
         WHERE id = @stays;
        UPDATE lead SET merged_into = @stays, deleted_at = COALESCE(deleted_at, @now), updated_at = @now WHERE id = ANY(@gone)
        """;

    // Who was paused stays so as one with who was not: what they had from either side waits.
    private const string PausedTracksSql =
        $"SELECT DISTINCT track_id FROM enrollment WHERE lead_id = ANY(@leads) AND state IN (0, 3, 4) AND held_by @> '{{{HoldWriter.Person}}}'";

    private const string VersionsOfTracksSql =
        "SELECT track_version_id FROM enrollment WHERE lead_id = @stays AND track_id = ANY(@tracks) AND state IN (0, 3, 4)";

    private const string PausedSql = "SELECT id FROM lead WHERE id = @stays AND paused_at IS NOT NULL";

    public async Task MergeAsync(FactBatch batch, KnownFacts known, CrmEvent merge, CancellationToken cancellationToken)
    {
        var first = batch.Leads.Single().Key;
        var names = merge.Merged.ToArray();
        var going = names
            .Where(known.LeadNames.ContainsKey)
            .Select(name => known.LeadNames[name].Key)
            .Where(key => key != first)
            .Distinct()
            .Select(key => known.Leads.Single(lead => lead.Key == key))
            .ToList();
        var stays = (
            await LeadReader.LockLeadsAsync(transaction, await IdOfAsync(first, cancellationToken), cancellationToken)
        )[0];
        // A name that somebody got while this looked is of a lead that must end here too: looked at anew.
        var unknown = names.Where(name => !known.LeadNames.ContainsKey(name) && name != merge.Lead).ToArray();
        var added = await transaction.ExecuteAsync(
            NamesSql,
            new
            {
                stays = stays.Id!.Value.Value,
                sources = unknown.ToArray(name => name.Source),
                externalIds = unknown.ToArray(name => name.ExternalId),
            },
            cancellationToken
        );
        FactsChangedException.ThrowUnless(added == unknown.Length);
        if (going.Count == 0)
        {
            return;
        }

        var merged = going.Aggregate(stays, LeadMerge.Into);
        await new LeadWriter(transaction, channels, now).WriteAsync(
            [new LeadBeforeAndAfter(stays, merged)],
            batch.DatesOf,
            [],
            cancellationToken
        );
        var paused = await transaction.QueryAsync<int>(
            PausedTracksSql,
            new { leads = going.Append(stays).Select(lead => lead.Id!.Value.Value).ToArray() },
            cancellationToken
        );
        var resuming = await LeaveAsync(batch, stays, going, cancellationToken);
        var moved = new
        {
            stays = stays.Id!.Value.Value,
            gone = going.ToArray(lead => lead.Id!.Value.Value),
            now,
        };
        await transaction.ExecuteAsync(MoveSql, moved, cancellationToken);
        if ((await transaction.QueryAsync<long>(PausedSql, moved, cancellationToken)).Count > 0)
        {
            await HoldWriter.HoldAsync(transaction, [(moved.stays, null)], HoldWriter.Lead, now, cancellationToken);
        }

        // A lead that a person has paused in a track stays paused there, whichever enrollment survives.
        var held = await transaction.QueryAsync<int>(
            VersionsOfTracksSql,
            new { moved.stays, tracks = paused.ToArray() },
            cancellationToken
        );
        await HoldWriter.HoldAsync(
            transaction,
            held.ConvertAll(version => (moved.stays, (int?)version)),
            HoldWriter.Person,
            now,
            cancellationToken
        );
        await HoldWriter.ReleaseAsync(
            transaction,
            [.. resuming.Select(version => (moved.stays, (int?)version.Value))],
            HoldWriter.Lane,
            now,
            cancellationToken
        );
        await FactMoves.RehouseAsync(transaction, [moved.stays], now, cancellationToken);
    }

    // Looked at anew: what the merge itself said of the lead who stays may have led out of tracks. Returns what goes on, since nobody else is in
    // its lane any more.
    private async Task<IEnumerable<TrackVersionId>> LeaveAsync(
        FactBatch batch,
        Lead stays,
        List<Lead> going,
        CancellationToken cancellationToken
    )
    {
        List<Lead> all = [stays, .. going];
        var ids = all.ToDictionary(lead => lead.Key, lead => lead.Id!.Value.Value);
        var keys = all.ToDictionary(lead => lead.Id!.Value.Value, lead => lead.Key);
        await EnrollmentWriter.LockLiveAsync(transaction, [.. keys.Keys], cancellationToken);
        var live = await EnrollmentWriter.FindLiveAsync(transaction, [.. keys.Keys], cancellationToken);
        var seen = batch.Tracks.Seen.ToHashSet();
        FactsChangedException.ThrowUnless(live.TrueForAll(row => seen.Contains(row.Version)));
        var aside = live.Where(row => row.IsAside).Select(row => (keys[row.LeadId], row.Version)).ToHashSet();
        var decision = MergeRule.Decide(
            all.ConvertAll(lead => lead.Key),
            live.ToLookup(row => keys[row.LeadId], row => row.Version),
            aside,
            batch.Tracks
        );
        await EnrollmentWriter.ExitAsync(
            transaction,
            [.. decision.Leaving.Select(exit => (ids[exit.Lead], exit))],
            now,
            cancellationToken
        );
        await HoldWriter.HoldAsync(
            transaction,
            [.. decision.Pausing.Select(row => (ids[row.Lead], (int?)row.Version.Value))],
            HoldWriter.Lane,
            now,
            cancellationToken
        );
        var after = live.Select(row => (Lead: keys[row.LeadId], row.Version))
            .Except(decision.Leaving.Select(exit => (exit.Lead, Version: exit.Version!.Value)))
            .ToList();
        return LaneRule
            .Resuming(
                after.ConvertAll(row => (stays.Key, row.Version)),
                aside.Union(decision.Pausing).Intersect(after).Select(row => (stays.Key, row.Item2)).ToHashSet(),
                batch.Tracks
            )
            .Select(row => row.Version);
    }

    private async Task<long[]> IdOfAsync(ExternalKey key, CancellationToken cancellationToken) =>
        [
            .. (
                await NameResolver.FindLeadsAsync(transaction, [new WantedName(key, Other: null)], cancellationToken)
            ).Select(name => name.Id),
        ];
}
