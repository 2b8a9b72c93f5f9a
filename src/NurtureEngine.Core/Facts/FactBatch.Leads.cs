using NurtureEngine.Core.Intake;
using NurtureEngine.Core.Leads;

namespace NurtureEngine.Core.Facts;

/// <summary>What events say of leads.</summary>
public sealed partial class FactBatch
{
    private ExternalKey KeyOf(CrmEvent told) =>
        _known.LeadNames.TryGetValue(told.Lead, out var name) ? name.Key : told.Lead;

    private void Apply(InboxEvent next, CrmEvent told, DateTimeOffset now)
    {
        var kind = _known.LeadNames.GetValueOrDefault(told.Lead).Kind;
        var key = KeyOf(told);
        if (kind == NameKind.Found)
        {
            NewLeadNames.Add(told.Lead, key);
            _changedLeads.Add(key);
        }

        // The versions of a record that ended in another one count something else.
        told = told with
        {
            Lead = key,
            Stamp = kind == NameKind.Merged ? told.Stamp with { Version = null } : told.Stamp,
        };
        var lead = _leads.GetValueOrDefault(key) ?? new Lead { Key = key };
        var account = told.Company is { } company ? FindAccount(company.Key) : null;
        if (kind == NameKind.Ambiguous)
        {
            Refused.Add((next, new FactOutcome.Refused("lead.ambiguous", key.Source)));
        }
        else if (kind == NameKind.Merged && told.Type == EventTypes.Deleted)
        {
            // A CRM that has merged two records deletes the one that went; who it was lives on.
            Settle(next.InboxId);
            Timeline.Add((key, next.InboxId, next.Source, TimelineEntry.OfMerged(told)));
            _changedLeads.Add(key);
        }
        else if (Repeats(next.Source, told) is { } first)
        {
            // What it says beside that is said for the first time.
            Take(
                LeadFacts.Apply(lead, account, told with { Activity = null }, _rulebook, now),
                next,
                told,
                lead,
                now,
                first
            );
        }
        else
        {
            Take(Judge(told) ?? LeadFacts.Apply(lead, account, told, _rulebook, now), next, told, lead, now, null);
        }
    }

    private void Take(
        FactOutcome outcome,
        InboxEvent next,
        CrmEvent told,
        Lead lead,
        DateTimeOffset now,
        DateTimeOffset? repeats
    )
    {
        if (outcome is FactOutcome.Refused refused)
        {
            Refused.Add((next, refused));
            return;
        }

        var isNew = !_leads.ContainsKey(told.Lead);
        var applied = (FactOutcome.Applied)outcome;
        applied = applied with
        {
            Lead = Housed(applied.Lead),
            Timeline = repeats is { } first
                ? applied.Timeline.SetItem(0, TimelineEntry.Again(told, first))
                : applied.Timeline,
        };
        if (!isNew && lead.Account != applied.Lead.Account)
        {
            Rehoused.Add(told.Lead);
        }

        if (told.IsImported)
        {
            var isChanged = isNew || !lead.IsAs(applied.Lead) || IsNews(applied.Account);
            Imported += new ImportCount(isNew ? 1 : 0, !isNew && isChanged ? 1 : 0, isChanged ? 0 : 1);
            if (!isChanged)
            {
                return;
            }
        }

        _leads[told.Lead] = applied.Lead;
        _changedLeads.Add(told.Lead);
        Keep(applied.Account, told);
        Keep(told.Deal, told);
        Timeline.AddRange(applied.Timeline.Select(entry => (told.Lead, next.InboxId, next.Source, entry)));
        StageMoves.AddRange(applied.Moves.Select(move => (told.Lead, move)));
        Settle(next.InboxId);
        if (told.Feedback is { } feedback)
        {
            Feedbacks.Add((told.Lead, feedback));
        }

        var isFresh = !told.IsQuiet && now - told.Stamp.At <= _rulebook.TriggerWithin;
        Follow(lead, applied, told, isFresh);
        if (repeats is null)
        {
            Tell(told, isFresh, now);
        }

        if (applied.Lead.DeletedAt is null && told.Merged.IsEmpty)
        {
            Enter(
                next,
                repeats is null ? told : told with { Type = EventTypes.Updated },
                lead,
                applied,
                isFresh,
                isNew
            );
        }
    }

    private void Settle(long? inboxId)
    {
        if (inboxId is { } id)
        {
            Applied.Add(id);
        }
    }

    // What the engine hears of its own touches is told once by its id.
    private DateTimeOffset? Repeats(string source, CrmEvent told)
    {
        if (told.Activity is null || told.IsOwn && told.Feedback is null)
        {
            return null;
        }

        if (!_seen.TryGetValue(told.Lead, out var seen))
        {
            _seen[told.Lead] = seen = [.. _known.Activities[told.Lead]];
        }

        var first = ReportedTwice.Of(source, told, seen, _rulebook.SameWithin);
        seen.Add(new SeenActivity(source, told.Type, told.Activity.Name, told.Stamp.At, first));
        return first;
    }

    // A move that leads nowhere can be replayed once its track is published.
    private FactOutcome.Refused? Judge(CrmEvent judged) =>
        judged.Change?.MoveTo is { } target && Tracks.Current.All(track => track.Track.DefinitionId != target)
            ? new FactOutcome.Refused("track.unknown", target)
            : null;
}
