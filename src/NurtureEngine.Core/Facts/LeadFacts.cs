using System.Collections.Immutable;
using System.Globalization;
using NurtureEngine.Core.Intake;
using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Leads.Cleaning;
using NurtureEngine.Core.Leads.Consents;
using NurtureEngine.Core.Rulebooks;
using NurtureEngine.Core.Touches;

namespace NurtureEngine.Core.Facts;

/// <summary>Turns events into facts about leads: who is newer wins, field by field, whatever the order of arrival.</summary>
public static class LeadFacts
{
    // Clocks drift by minutes. A stamp from beyond that would outrank every honest event until its day came.
    private static readonly TimeSpan ClockDrift = TimeSpan.FromHours(1);

    /// <summary>
    /// Applies one event to its lead (a new one where the source was unknown) and account. An event that the rulebook can't
    /// place changes nothing and is a <see cref="FactOutcome.Refused"/>, to be replayed once it can.
    /// </summary>
    public static FactOutcome Apply(
        Lead lead,
        Account? account,
        CrmEvent crmEvent,
        Rulebook rulebook,
        DateTimeOffset now
    )
    {
        if (Refusal(crmEvent, rulebook, now) is { } refused)
        {
            return refused;
        }

        var changed = lead with
        {
            Fields = LeadCleaning
                .WithName(lead.Fields.With(LeadCleaning.Clean(crmEvent.Fields, lead, rulebook), crmEvent.Stamp))
                .With(StageRules.SignsOf(crmEvent, rulebook), crmEvent.Stamp with { Version = null })
                .With(Life(crmEvent), crmEvent.Stamp)
                .With(Earned(lead, crmEvent), Later(lead, crmEvent.Stamp)),
            Consents = crmEvent.Consents.Concat(Refused(crmEvent)).Aggregate(lead.Consents, Merge),
            ActiveAt = ActiveAt(lead, crmEvent, now),
        };
        var move = Move(lead, crmEvent, rulebook, now);
        if (move is not null)
        {
            changed = changed with { Stages = lead.Stages.SetItem(move.Stage.LifeCycle, move.Stage) };
        }

        // Also of one who is deleted: whatever came first, the lead ends at the same stage.
        ImmutableArray<StageMove> byRule = crmEvent.IsQuiet ? [] : [.. StageRules.Moves(changed, rulebook, now)];
        foreach (var ruled in byRule)
        {
            changed = changed with { Stages = changed.Stages.SetItem(ruled.Stage.LifeCycle, ruled.Stage) };
        }

        var company = crmEvent.Company is { } patch
            // The sender's version counts the lead's record; of the company it says nothing.
            ? (account ?? Account.New(patch.Key)).With(patch, crmEvent.Stamp with { Version = null })
            : account;
        return new FactOutcome.Applied(
            changed,
            company,
            [TimelineEntry.Of(crmEvent, move), .. byRule.Select(TimelineEntry.ByRule)],
            [.. new[] { move }.Where(told => told is { IsChange: true }).OfType<StageMove>(), .. byRule]
        );
    }

    private static FactOutcome.Refused? Refusal(CrmEvent crmEvent, Rulebook rulebook, DateTimeOffset now)
    {
        if (!EventTypes.IsApplied(crmEvent.Type) && !crmEvent.IsOwn && !crmEvent.IsImported)
        {
            return new FactOutcome.Refused("event.type_unsupported", crmEvent.Type);
        }

        if (IsOfFuture(crmEvent, now) is { } early)
        {
            return early;
        }

        if (LeadCleaning.FaultOf(crmEvent.Fields, rulebook) is { } custom)
        {
            return new FactOutcome.Refused("custom.invalid", custom);
        }

        if (crmEvent.Stage is not { } stage)
        {
            return null;
        }

        if (rulebook.FindLifeCycle(stage.LifeCycle) is not { } cycle)
        {
            return new FactOutcome.Refused("life_cycle.unknown", stage.LifeCycle ?? "");
        }

        return cycle.FindStage(stage.To) is null ? new FactOutcome.Refused("stage.unknown", stage.To) : null;
    }

    /// <summary>Why an event from the future is not applied; null where it is of the past.</summary>
    internal static FactOutcome.Refused? IsOfFuture(IntakeEvent told, DateTimeOffset now) =>
        told.Stamp.At > now + ClockDrift ? new FactOutcome.Refused("event.in_future", $"{told.Stamp.At:O}") : null;

    private static StageMove? Move(Lead lead, CrmEvent crmEvent, Rulebook rulebook, DateTimeOffset now)
    {
        if (crmEvent.Stage is not { } change)
        {
            return null;
        }

        var cycle = rulebook.FindLifeCycle(change.LifeCycle)!;
        var to = cycle.FindStage(change.To)!.Name;
        var known = lead.Stages.GetValueOrDefault(cycle.Name);
        if (known is not null && known.Stamp != default && !crmEvent.Stamp.Replaces(known.Stamp))
        {
            return null;
        }

        var isChange = known?.Stage != to;
        var since = isChange ? crmEvent.Stamp.At : known!.Since;
        return new StageMove(
            new LeadStage(
                cycle.Name,
                to,
                since,
                crmEvent.Stamp,
                crmEvent.Hand is null ? StageOrigin.Crm : StageOrigin.Hand
            ),
            known?.Stage ?? (change.From is { } from ? cycle.FindStage(from)?.Name : null),
            isChange,
            MayTrigger: !crmEvent.IsQuiet && now - crmEvent.Stamp.At <= rulebook.TriggerWithin
        );
    }

    // A source may use an id again; only its word that the lead was created brings a deleted one back.
    private static IEnumerable<KeyValuePair<string, string?>> Life(CrmEvent crmEvent) =>
        crmEvent.Type switch
        {
            EventTypes.Deleted => [new(Fields.Deleted, "true")],
            EventTypes.Created => [new(Fields.Deleted, null)],
            _ => [],
        };

    // Not to come is nothing that a lead does.
    private static DateTimeOffset ActiveAt(Lead lead, CrmEvent crmEvent, DateTimeOffset now)
    {
        var known = lead.ActiveAt ?? now;
        var done = crmEvent.Activity is not null && crmEvent.Type != EventTypes.EventMissed ? crmEvent.Stamp.At : known;
        return done > known && done <= now ? done
            : done > now ? now
            : known;
    }

    // Points are added to what is known, and never lost to the order in which two hosts wrote them down.
    private static Stamp Later(Lead lead, Stamp stamp) =>
        lead.Fields.Stamps.TryGetValue(Fields.Score, out var known) && !stamp.Replaces(known) ? known : stamp;

    // Points add up, whatever the order in which they come.
    private static IEnumerable<KeyValuePair<string, string?>> Earned(Lead lead, CrmEvent crmEvent)
    {
        if (crmEvent.Change is not { } change)
        {
            yield break;
        }

        if (change.ScoreBy != 0)
        {
            var score = Math.Max(0, lead.Score + change.ScoreBy);
            yield return new(Fields.Score, score.ToString(CultureInfo.InvariantCulture));
        }

        if (change.Criterion is { } criterion)
        {
            var evidence = new Evidence(change.Fact ?? "", change.Reason ?? "", crmEvent.Stamp.At);
            yield return new(Fields.EvidencePrefix + criterion, evidence.ToField());
        }
    }

    private static IEnumerable<Consent> Refused(CrmEvent crmEvent) =>
        crmEvent.Feedback is { IsRefusal: true } feedback
            ? [new Consent(Channel.Email, Consent.Marketing, false, $"engine:{feedback.Word}", crmEvent.Stamp.At)]
            : [];

    // The later word holds; of two words of the same moment, the stricter.
    private static ImmutableDictionary<(string, string), Consent> Merge(
        ImmutableDictionary<(string, string), Consent> known,
        Consent said
    )
    {
        var key = (said.Channel, said.Purpose);
        var holds =
            !known.TryGetValue(key, out var before)
            || said.At > before.At
            || (said.At == before.At && before.Granted && !said.Granted);
        return holds ? known.SetItem(key, said) : known;
    }
}
